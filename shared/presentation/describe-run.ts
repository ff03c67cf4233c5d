import { describeSeconds } from '../config/duration.ts';
import { describeBytes } from '../model/bytes.ts';
import { count } from '../model/count.ts';
import type { Status } from '../model/status.ts';
import { describeDollars } from '../pricing/costs.ts';
import { redact } from '../redact.ts';
import { costNotes, costText } from './cost.ts';
import { machineText, stopProof } from './machine.ts';
import { type NextStep, nextSteps } from './next-steps.ts';
import { causeOf, headlineOf, labelOf, type Tone, toneOf } from './result.ts';
import { durationText } from './time.ts';

/**
 * A run in words, for every place that shows one: terminal, Slack, report and dashboard. Plain text, neither escaped nor cut. What is
 * not known yet is absent.
 */
export interface RunDescription {
  runId: string;
  target: string;
  label: string;
  tone: Tone;
  headline: string;
  duration?: string | undefined;
  cause?: string | undefined;
  /** What the VM or the control plane said, without secrets. */
  reason?: string | undefined;
  startedBy?: string | undefined;
  /** Only from the second attempt on. */
  attempt?: string | undefined;
  /** `NAME=value` each. */
  parameters: string[];
  source: string;
  machine: string;
  stopProof?: string | undefined;
  cost?: string | undefined;
  costNotes: string[];
  phases: { name: string; seconds: number; time: string; cost?: string | undefined }[];
  outputs: { path: string; files: string; size: string }[];
  /** `3 [error] lines, 1 [warn] line`. */
  logFindings?: string | undefined;
  /** `gs://…`. */
  results: string;
  next: NextStep[];
}

export function describeRun(status: Status): RunDescription {
  const { params, cost, attempt = 0, phases = [], outputs = [] } = status;
  return {
    runId: status.runId,
    target: status.target,
    label: labelOf(status),
    tone: toneOf(status),
    headline: headlineOf(status),
    duration: durationText(status),
    cause: causeOf(status),
    reason: status.reason && redact(status.reason),
    startedBy: status.requestedBy,
    attempt: attempt > 1 ? String(attempt) : undefined,
    parameters: Object.entries(params).map(([name, value]) => `${name}=${value}`),
    source: sourceText(status.source),
    machine: machineText(status.vm),
    stopProof: stopProof(status.vm),
    cost: cost && costText(cost),
    costNotes: cost ? costNotes(cost) : [],
    phases: phases.map(({ name, seconds }) => ({
      name,
      seconds,
      time: describeSeconds(seconds),
      cost: optionalDollars(cost?.phases.find((phase) => phase.name === name)?.dollars),
    })),
    outputs: outputs.map(({ path, objects, bytes }) => ({
      path,
      files: count(objects, 'file'),
      size: describeBytes(bytes),
    })),
    logFindings: findingsText(status),
    results: status.resultsPrefix,
    next: nextSteps(status),
  };
}

/** `package 797230c2ff79 of commit 0123456789ab, with uncommitted changes`. */
export function sourceText({ sha256, commit, dirty }: Status['source']): string {
  const base = commit ? ` of commit ${commit.slice(0, 12)}` : '';
  return `package ${sha256.slice(0, 12)}${base}${dirty ? ', with uncommitted changes' : ''}`;
}

function findingsText({ warnings = 0, errors = 0 }: Status): string | undefined {
  const found = [errors > 0 && count(errors, '[error] line'), warnings > 0 && count(warnings, '[warn] line')];
  return found.filter(Boolean).join(', ') || undefined;
}

function optionalDollars(dollars: number | undefined): string | undefined {
  return dollars === undefined ? undefined : describeDollars(dollars);
}

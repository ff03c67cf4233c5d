import { readHeartbeat } from '../../shared/history/heartbeat.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import { describeRun, type RunDescription } from '../../shared/presentation/describe-run.ts';
import type { Source } from '../source.ts';
import { type RunRow, runRow } from './run-row.ts';

/** A run with everything that is known about it. */
export interface RunDetail extends RunRow {
  phases: { name: string; time: string; share: number; cost: string }[];
  facts: { name: string; value: string }[];
  outputList: { path: string; files: string; size: string }[];
  /** While it is active: its phase, and since when (RFC 3339). */
  phase?: string | undefined;
  phaseSince?: string | undefined;
  next: RunDescription['next'];
  /** What a retry requests, besides the target. */
  request: { source: string; params: Record<string, string> };
}

export async function runDetail(source: Source, status: Status): Promise<RunDetail> {
  const heartbeat = await readHeartbeat(source.objects, status);
  const run = describeRun(status);
  const total = run.phases.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    ...runRow(status),
    phase: heartbeat?.phase ?? status.phase,
    phaseSince: heartbeat?.phaseStartedAt,
    phases: run.phases.map(({ name, seconds, time, cost = '' }) => ({
      name,
      time,
      share: total > 0 ? seconds / total : 0,
      cost,
    })),
    facts: factsOf(status, run),
    outputList: run.outputs,
    next: run.next,
    request: { source: status.source.sha256, params: status.params },
  };
}

function factsOf({ queuePosition, ...status }: Status, run: RunDescription): RunDetail['facts'] {
  const facts: Record<string, string | undefined> = {
    'Queue position': queuePosition === undefined ? undefined : String(queuePosition),
    Cause: run.cause,
    Parameters: run.parameters.join('  ') || 'none',
    'Started by': run.startedBy,
    Source: run.source,
    Log: isFinished(status) ? (run.logFindings ?? 'no [error] or [warn] lines') : undefined,
    Attempt: run.attempt,
    VM: run.machine,
    'VM time': run.stopProof,
    Cost: run.cost && [run.cost, ...run.costNotes].join('; '),
    Results: run.results,
  };
  return Object.entries(facts).flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

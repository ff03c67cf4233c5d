import type { KnownBlock } from '@slack/types';
import { describeSeconds } from '../config/duration.ts';
import { describeBytes } from '../model/bytes.ts';
import { count } from '../model/count.ts';
import { retryCommand } from '../model/retry-command.ts';
import type { Status } from '../model/status.ts';
import { describeDollars, describeHourly } from '../pricing/costs.ts';
import { redact } from '../redact.ts';
import { code, context, fields, header, section } from './blocks.ts';
import { cut, escapeText, inlineCode } from './escape.ts';
import type { SlackMessage } from './slack-message.ts';

const NO_BREAK = '\u00a0';
const MAX_OUTPUTS = 8;
const PATH_CHARACTERS = 120;
/** A command that is cut would be another one. */
const MAX_COMMAND_LENGTH = 900;
const MAX_PARAMETERS = 8;
const PARAMETER_CHARACTERS = 50;

/** Emoji and words of each way a run can end; what is to be said after how long it took. */
const ENDINGS: Record<string, [emoji: string, words: string, more?: string]> = {
  ok: [':white_check_mark:', 'succeeded'],
  suspect: [':warning:', 'succeeded', ', but looks suspect'],
  failed: [':x:', 'failed'],
  cancelled: [':heavy_multiplication_x:', 'was cancelled'],
  'timed-out': [':alarm_clock:', 'was stopped at its time limit'],
  lost: [':ghost:', 'was lost with its VM'],
  'start-failed': [':electric_plug:', 'could not be started'],
  expired: [':wastebasket:', 'expired before it could start'],
};

/** `d_anchor_category succeeded in 20 s`. */
function headline(status: Status): string {
  const [, words, more = ''] = ending(status);
  const duration = durationOf(status);
  const took = duration ? ` ${status.status === 'succeeded' ? 'in' : 'after'} ${duration}` : '';
  return `${status.target} ${words}${took}${more}`;
}

export function finished(status: Status, logTail: string[]): SlackMessage {
  const failed = status.verdict === 'failed';
  const { reason } = status;
  const text = headline(status);
  const blocks = [
    header(`${ending(status)[0]} ${text}`),
    ...(reason ? [section(redact(reason))] : []),
    fields(facts(status)),
    ...(logTail.length > 0 ? [code(logTail.map(redact))] : []),
    ...outputBlocks(status),
    section(nextStep(status, failed), { escaped: true }),
    context(placeText(status)),
  ];
  return { text, blocks };
}

function ending({ status, verdict }: Status): [emoji: string, words: string, more?: string] {
  return ENDINGS[status === 'succeeded' ? (verdict ?? 'ok') : status] ?? [':grey_question:', status];
}

function facts(status: Status): Record<string, string | undefined> {
  const { runId, phases = [], exitCode, phase, attempt = 0, requestedBy, params } = status;
  const failed = status.verdict === 'failed';
  return {
    Run: inlineCode(runId),
    'Exit code':
      failed && exitCode !== undefined ? `${exitCode} in phase ${escapeText(phase ?? '?')}` : undefined,
    'Asked for by': requestedBy && escapeText(requestedBy),
    Cost: status.cost && escapeText(costText(status.cost)),
    Parameters: parametersText(params),
    Attempt: attempt > 1 ? String(attempt) : undefined,
    Phases: phases.map(phaseText).join(' · '),
    VM: status.vm.stoppedBy && escapeText(stopProof(status.vm)),
  };
}

/** In one piece: a line does not end between a number and its unit. */
function phaseText({ name, seconds }: { name: string; seconds: number }): string {
  return `${escapeText(name)} ${describeSeconds(seconds)}`.replaceAll(' ', NO_BREAK);
}

/** As many of the parameters as there is room for. */
export function parametersText(params: Status['params']): string {
  const words = Object.entries(params).map(([name, value]) =>
    inlineCode(cut(`${name}=${value}`, PARAMETER_CHARACTERS)),
  );
  const shown = words.slice(0, MAX_PARAMETERS);
  return [...shown, ...more(words.length - shown.length)].join(' ');
}

function more(count: number): string[] {
  return count > 0 ? [`and ${count} more`] : [];
}

/** `$12.30 at $1.26 an hour`. */
function costText({ total, perHour, provisioning }: NonNullable<Status['cost']>): string {
  const spot = provisioning === 'spot' ? ' (Spot)' : '';
  return `${describeDollars(total)} at ${describeHourly(perHour)}${spot}`;
}

export const STOPPERS: Record<NonNullable<Status['vm']['stoppedBy']>, string> = {
  'startup-script': 'by its startup script',
  'max-run-duration': 'by its own time limit (maxRunDuration)',
  'control-plane': 'by the control plane',
  unknown: 'by something else (preemption, host error, a person)',
};

/** `on for 53 s, stopped by its startup script, seen TERMINATED at 03:40:46 UTC`. */
export function stopProof({
  onSeconds = 0,
  stoppedBy = 'unknown',
  terminatedSeenAt = '',
}: Status['vm']): string {
  const seen = terminatedSeenAt ? `, seen TERMINATED at ${terminatedSeenAt.slice(11, 19)} UTC` : '';
  return `on for ${describeSeconds(onSeconds)}, stopped ${STOPPERS[stoppedBy]}${seen}`;
}

function outputBlocks({ outputs = [] }: Status): KnownBlock[] {
  if (outputs.length === 0) return [];
  const lines = outputs
    .slice(0, MAX_OUTPUTS)
    .map(
      ({ path, objects, bytes }) =>
        `${inlineCode(cut(path, PATH_CHARACTERS))} ${count(objects, 'file')}, ${describeBytes(bytes)}`,
    );
  return [
    section([...lines, ...more(outputs.length - MAX_OUTPUTS)].map((line) => `• ${line}`).join('\n'), {
      escaped: true,
    }),
  ];
}

function nextStep(status: Status, failed: boolean): string {
  const { runId, attempt, resultsPrefix } = status;
  const retry = retryCommand(status);
  const again = retry.length > MAX_COMMAND_LENGTH ? 'in `vicinity dashboard`' : inlineCode(retry);
  // Nothing has run.
  if (attempt === 0 || status.status === 'start-failed') return `Ask again: ${again}`;
  const results = [
    `Results: ${inlineCode(resultsPrefix)}`,
    `Fetch them: ${inlineCode(`vicinity pull ${runId}`)}`,
  ];
  const more = [`Whole log: ${inlineCode(`vicinity logs ${runId}`)}`, `Try again: ${again}`];
  return [...results, ...(failed ? more : [])].join('\n');
}

/** The machine and the package of a run, for the small print. */
export function placeText({ vm, source }: Pick<Status, 'vm' | 'source'>): string {
  const commit = source.commit
    ? `commit ${source.commit.slice(0, 10)}${source.dirty ? ' with uncommitted changes' : ''}`
    : undefined;
  const machine = [vm.machineType, vm.instance, vm.zone].filter(Boolean).join(' · ');
  return [machine, commit, `package ${source.sha256.slice(0, 10)}`].filter(Boolean).join(' · ');
}

/** How long a run took from its start. */
function durationOf({ startedAt, finishedAt }: Status): string | undefined {
  if (!startedAt || !finishedAt) return undefined;
  return describeSeconds((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}

import { describeSeconds } from '../config/duration.ts';
import type { Heartbeat } from '../model/attempt.ts';
import { isFinished, type Status } from '../model/status.ts';
import { causeOf, isSuspect, labelOf } from './result.ts';
import { durationText, secondsBetween } from './time.ts';

/** The status and where the run stands in it: `queued, position 2`, `running, attempt 1, phase make for 8 h 50 min`, `failed: exit code 2 in phase make`. With `now`, how long the phase has taken. */
export function stageOf(status: Status, heartbeat?: Heartbeat, now?: Date): string {
  if (isFinished(status)) {
    const cause = causeOf(status);
    const label = isSuspect(status) ? 'succeeded, but suspect' : labelOf(status);
    return cause ? `${label}: ${cause}` : label;
  }
  const { queuePosition, attempt } = status;
  const phase = heartbeat?.phase ?? status.phase;
  const since = now && heartbeat?.phaseStartedAt;
  const time = since ? ` for ${describeSeconds(secondsBetween(since, now.toISOString()))}` : '';
  const parts = [
    status.status,
    queuePosition !== undefined && `position ${queuePosition}`,
    Boolean(attempt) && `attempt ${attempt}`,
    phase && `phase ${phase}${time}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** The stage and its reason: `starting, attempt 1. The start failed (…)`. */
export function stageLine(status: Status, heartbeat?: Heartbeat): string {
  const stage = stageOf(status, heartbeat);
  return status.reason ? `${stage}. ${status.reason}` : stage;
}

/** Where a run stands, in whole sentences: `Run X: failed after 42 min: exit code 2 in phase make. <reason>`. */
export function runSentence(status: Status): string {
  const { runId, reason } = status;
  if (!isFinished(status)) return sentences(`Run ${runId}: ${stageOf(status)}`, reason);
  const duration = durationText(status);
  const cause = causeOf(status);
  const end = `Run ${runId} ${ended(status)}${duration ? ` after ${duration}` : ''}${cause ? `: ${cause}` : ''}`;
  return sentences(end, isSuspect(status) ? undefined : reason);
}

/** What makes a run suspect, in one sentence; undefined where nothing does. */
export function suspicionOf(status: Status): string | undefined {
  if (!isSuspect(status)) return undefined;
  return `Run ${status.runId} exited with code 0 but is suspect: ${status.reason ?? 'see its build.log'}`;
}

function ended({ status }: Status): string {
  return status === 'succeeded' || status === 'failed' ? status : `ended as ${status}`;
}

function sentences(first: string, reason: string | undefined): string {
  return reason ? `${first}. ${reason}` : `${first}.`;
}

import type { Cause } from '../model/attempt.ts';
import { isFinished, type Status } from '../model/status.ts';
import { durationText } from './time.ts';

/** How a status is shown: `neutral` is an end that nobody has to look into. */
export type Tone = 'good' | 'doubt' | 'bad' | 'neutral' | 'live';
export type Result = Pick<Status, 'status' | 'verdict'>;

const PHRASES: Record<Status['status'], string> = {
  queued: 'is queued',
  starting: 'is starting',
  running: 'is running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'was cancelled',
  'timed-out': 'reached its time limit',
  lost: 'was lost with its VM',
  'start-failed': 'could not be started',
  expired: 'expired in the queue',
};

/** Of `exit` the exit code says more than words could. */
const CAUSES: Record<Exclude<Cause, 'exit'>, string> = {
  'time-limit': 'time limit reached',
  memory: 'out of memory',
  disk: 'disk full',
  metadata: 'invalid VM metadata',
  source: 'source package or input unavailable',
  provisioning: 'provisioning failed',
  upload: 'upload failed',
  script: 'startup script error',
};

export function isSuspect({ status, verdict }: Result): boolean {
  return status === 'succeeded' && verdict === 'suspect';
}

/** The status as one word, as it is also typed in a filter: `running`, `suspect`, `timed-out`. */
export function labelOf(result: Result): string {
  return isSuspect(result) ? 'suspect' : result.status;
}

export function toneOf(result: Result): Tone {
  if (isSuspect(result)) return 'doubt';
  if (result.status === 'succeeded') return 'good';
  if (result.status === 'cancelled') return 'neutral';
  return isFinished(result) ? 'bad' : 'live';
}

/** `all succeeded in 8 h 19 min, but looks suspect`, `all failed after 20 s`, `all is running`. */
export function headlineOf(status: Status): string {
  const duration = isFinished(status) ? durationText(status) : undefined;
  const took = duration ? ` ${status.status === 'succeeded' ? 'in' : 'after'} ${duration}` : '';
  return `${status.target} ${PHRASES[status.status]}${took}${isSuspect(status) ? ', but looks suspect' : ''}`;
}

/** Why a run ended badly: `exit code 2 in phase make`, `out of memory in phase make (exit code 137)`. Undefined where no VM reported. */
export function causeOf(status: Status): string | undefined {
  const { cause, exitCode, phase } = status;
  if (!isFinished(status) || status.status === 'succeeded' || exitCode === undefined) return undefined;
  const where = phase ? ` in phase ${phase}` : '';
  if (cause === undefined || cause === 'exit') return `exit code ${exitCode}${where}`;
  const code = cause === 'time-limit' ? '' : ` (exit code ${exitCode})`;
  return `${CAUSES[cause]}${where}${code}`;
}

import { describeSeconds } from '../../shared/config/duration.ts';
import type { Heartbeat } from '../../shared/model/attempt.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';

/** Where a run stands, in one line: `queued, number 2 in the queue`, `running, attempt 1, phase make`. */
export function stageOf(status: Status, heartbeat?: Heartbeat): string {
  const phase = heartbeat?.phase ?? status.phase;
  const parts = [
    status.status,
    status.queuePosition !== undefined && `number ${status.queuePosition} in the queue`,
    Boolean(status.attempt) && `attempt ${status.attempt}`,
    phase && `phase ${phase}`,
  ];
  const line = parts.filter(Boolean).join(', ');
  return status.reason ? `${line}. ${status.reason}` : line;
}

/** How a finished run ended, in one sentence and its reason. */
export function endOf(status: Status): string {
  const { runId, startedAt, finishedAt, exitCode, phase, reason } = status;
  const failed = status.status !== 'succeeded';
  const parts = [
    `Run ${runId} ${failed && status.status !== 'failed' ? 'ended: ' : ''}${status.status}`,
    failed && exitCode !== undefined && `exit code ${exitCode}`,
    failed && phase && `in phase ${phase}`,
    startedAt &&
      finishedAt &&
      `after ${describeSeconds((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)}`,
  ];
  const sentence = `${parts.filter(Boolean).join(', ')}.`;
  return reason && failed ? `${sentence} ${reason}` : sentence;
}

/** What a suspect run is suspected of; undefined where it is none. */
export function suspicionOf({ runId, status, verdict, reason }: Status): string | undefined {
  if (status !== 'succeeded' || verdict !== 'suspect') return undefined;
  return `Run ${runId} ended with exit code 0, but is suspect: ${reason ?? 'see its build.log'}`;
}

/** The exit code of a command that waits for a run. */
export function exitCodeOf(status: Status): ExitCode {
  return isFinished(status) && status.status !== 'succeeded' ? EXIT.runFailed : EXIT.ok;
}

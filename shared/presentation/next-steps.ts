import { logsCommand } from '../model/explaining-log.ts';
import { retryCommand } from '../model/retry-command.ts';
import { isFinished, type Status } from '../model/status.ts';
import { isSuspect } from './result.ts';

/** A command that one would type now, and what it is for. */
export interface NextStep {
  effect: string;
  command: string;
}

/** The most useful first. */
export function nextSteps(status: Status): NextStep[] {
  const { runId, attempt } = status;
  const log = { effect: 'Read the log', command: logsCommand(status) };
  const pull = { effect: 'Fetch the results', command: `vicinity pull ${runId}` };
  const retry = { effect: 'Run it again', command: retryCommand(status) };
  if (!isFinished(status))
    return [
      { effect: 'Follow it', command: `vicinity watch ${runId}` },
      { effect: 'Cancel it', command: `vicinity cancel ${runId}` },
    ];
  // No VM has worked on it: there are neither logs nor results.
  if (attempt === 0 || status.status === 'start-failed') return [retry];
  if (status.status !== 'succeeded') return [log, pull, retry];
  return isSuspect(status) ? [log, pull] : [pull];
}

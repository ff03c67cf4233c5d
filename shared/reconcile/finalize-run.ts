import type { Final } from '../model/final.ts';
import { isFinished } from '../model/status.ts';
import type { Action } from './action.ts';
import { notifyOnce } from './decide-notification.ts';
import type { Observed, RunFacts } from './facts.ts';

/** What is left to do for a finished run: record it, tell it, tell that its VM is off. Undefined: nothing. */
export function finalizeRun(observed: Observed, run: RunFacts & { final: Final }): Action | undefined {
  const { status } = run;
  if (!status || !isFinished(status)) return { kind: 'record', run };
  const overtakes = run.spec.tellStart && !run.notified.has('started') ? ['started'] : [];
  const finished = notifyOnce(observed, run, 'finished', { event: 'finished', status, overtakes });
  if (finished || !run.notified.has('finished') || !status.vm.stoppedBy) return finished;
  // The closing message, where the VM was still on when the end was reported.
  return notifyOnce(observed, run, 'vm-off', { event: 'vm-off', status });
}

/** The terminal state of a run that no outcome speaks for. */
export function finalWithout(
  { now, slot }: Observed,
  { spec }: RunFacts,
  status: Final['status'],
  reason: string,
): Final {
  const attempt = slot.active?.runId === spec.runId ? slot.active.attempt : 0;
  return { runId: spec.runId, status, verdict: 'failed', attempt, finishedAt: now.toISOString(), reason };
}

export function cancelWords({ requestedBy, problem }: NonNullable<RunFacts['cancel']>): string {
  if (problem) return `Cancelled, because ${problem}.`;
  return `Cancelled${requestedBy ? ` by ${requestedBy}` : ''}.`;
}

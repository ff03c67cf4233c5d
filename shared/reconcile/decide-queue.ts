import { describeSeconds } from '../config/duration.ts';
import { dequeue, type Ending, endQueued } from '../model/slot.ts';
import { type Action, slotChange } from './action.ts';
import type { Observed, RunFacts, WaitingFacts } from './facts.ts';
import { cancelWords, finalizeRun, finalWithout } from './finalize-run.ts';
import { secondsBetween } from './timeouts.ts';

/**
 * Runs in the queue that will not start. The end is noted in the slot first: whoever would give such a run the slot at the same
 * moment loses that race. Then it is finished, told, and taken out.
 */
export function decideQueue(observed: Observed): Action | undefined {
  for (const { entry, run } of observed.waiting) {
    const action = run ? decideWaiting(observed, { entry, run }) : remove(observed, entry.runId);
    if (action) return action;
  }
  return undefined;
}

function decideWaiting(observed: Observed, { entry, run }: Required<WaitingFacts>): Action | undefined {
  const { runId, ending } = entry;
  if (run.final) return finalizeRun(observed, { ...run, final: run.final }) ?? remove(observed, runId);
  if (ending) {
    return { kind: 'finish', final: finalWithout(observed, run, ending.status, ending.reason) };
  }
  const end = whyToEnd(observed, run);
  return end && slotChange('end in queue', endQueued(observed.slot, runId, end));
}

function whyToEnd({ now, slot }: Observed, { spec, cancel }: RunFacts): Ending | undefined {
  if (cancel) return { status: 'cancelled', reason: cancelWords(cancel) };
  const ahead = slot.active?.runId ?? slot.queue[0]?.runId;
  if (spec.onBusy === 'skip' && ahead && ahead !== spec.runId) {
    const reason = `Skipped, because ${ahead} holds the VM and the request says onBusy: skip.`;
    return { status: 'cancelled', reason };
  }
  if (secondsBetween(spec.requestedAt, now) <= spec.maxAgeSeconds) return undefined;
  const age = describeSeconds(spec.maxAgeSeconds);
  const reason = `Not started within ${age} of its request (limits.maxAge). Start it again if you still need it.`;
  return { status: 'expired', reason };
}

function remove({ slot }: Observed, runId: string): Action {
  return slotChange('dequeue', dequeue(slot, runId));
}

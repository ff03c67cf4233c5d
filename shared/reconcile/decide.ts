import { isDeepStrictEqual } from 'node:util';
import { activateNext, dequeue, enqueue } from '../model/slot.ts';
import { type Place, unfinishedStatus } from '../model/status.ts';
import { isOff } from '../ports/instance.ts';
import { type Action, slotChange } from './action.ts';
import { decideActive } from './decide-active.ts';
import type { Observed, RunFacts } from './facts.ts';
import { secondsBetween } from './limits.ts';
import { announcement, cancelled, expired, settle, skipped } from './settle.ts';

/**
 * The control loop's next step: a pure function of what was observed. Steps that change the truth come first, then what people
 * see (status, notifications), and waiting last.
 */
export function decide(observed: Observed, place: Place): Action {
  const decided =
    admit(observed) ??
    tendQueue(observed) ??
    (observed.active ? decideActive(observed, observed.active) : next(observed));
  if (decided.kind !== 'wait') return decided;
  return tell(observed, place) ?? decided;
}

/** Runs outside the slot: put into the queue, or settled. */
function admit(observed: Observed): Action | undefined {
  for (const run of inOrder(observed.others)) {
    if (run.final) {
      const action = settle(observed, { ...run, final: run.final });
      if (action) return action;
    } else {
      return (
        refusal(observed, run) ?? slotChange('enqueue', enqueue(observed.slot, run.spec.runId, observed.now))
      );
    }
  }
  return undefined;
}

function refusal(observed: Observed, run: RunFacts): Action | undefined {
  const { slot } = observed;
  const busy = slot.active?.runId ?? slot.queue[0]?.runId;
  if (run.cancel) return { kind: 'finish', final: cancelled(observed, run) };
  if (busy && run.spec.onBusy === 'skip') return { kind: 'finish', final: skipped(observed, run, busy) };
  return undefined;
}

/** Runs in the queue that will not start: finished, told, then taken out. */
function tendQueue(observed: Observed): Action | undefined {
  for (const run of observed.waiting) {
    if (run.final) {
      const settled = settle(observed, { ...run, final: run.final });
      return settled ?? slotChange('dequeue', dequeue(observed.slot, run.spec.runId));
    }
    if (run.cancel) return { kind: 'finish', final: cancelled(observed, run) };
    if (isExpired(observed, run)) return { kind: 'finish', final: expired(observed, run) };
  }
  return undefined;
}

/** The slot is free: the head of the queue takes it, once the VM is off. */
function next({ slot, instance, refusal, now }: Observed): Action {
  const head = slot.queue[0]?.runId;
  if (!head) return { kind: 'wait', for: 'nothing' };
  if (refusal) return slotChange('activate', activateNext(slot, now));
  if (!instance) return { kind: 'wait', for: 'instance', runId: head };
  if (!isOff(instance.status)) return { kind: 'wait', for: 'off', runId: head };
  return slotChange('activate', activateNext(slot, now));
}

/** What people see: announcements, then status documents that have fallen behind. */
function tell(observed: Observed, place: Place): Action | undefined {
  const unfinished = [...(observed.active ? [observed.active] : []), ...observed.waiting].filter(
    (run) => !run.final,
  );
  const statuses = unfinished.map((run) => ({
    run,
    status: unfinishedStatus(run.spec, place, progressOf(observed, run)),
  }));
  for (const { run, status } of statuses) {
    const action = announcement(observed, run, status);
    if (action) return action;
  }
  const behind = statuses.find(({ run, status }) => !isDeepStrictEqual(run.status, status));
  return behind && { kind: 'refresh', status: behind.status };
}

function progressOf({ slot, active }: Observed, run: RunFacts) {
  if (!active || run.spec.runId !== active.spec.runId || active.claim?.by !== 'vm') return { slot };
  const { claim, heartbeat } = active;
  return {
    slot,
    claimedAt: claim.claimedAt ?? slot.active?.attemptSince ?? active.spec.requestedAt,
    ...(heartbeat && { phase: heartbeat.phase }),
  };
}

function isExpired({ now, slot }: Observed, { spec }: RunFacts): boolean {
  return slot.active?.runId !== spec.runId && secondsBetween(spec.requestedAt, now) > spec.maxAgeSeconds;
}

function inOrder(runs: RunFacts[]): RunFacts[] {
  return runs.toSorted((a, b) => a.spec.requestedAt.localeCompare(b.spec.requestedAt));
}

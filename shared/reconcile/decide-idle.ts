import { type ActiveRun, activateNext, type Orphan, release, type Slot } from '../model/slot.ts';
import { isOff } from '../ports/instance.ts';
import { type Action, slotChange } from './action.ts';
import type { Observed } from './facts.ts';
import { ASK_AGAIN, STRAY_GRACE, secondsBetween } from './timeouts.ts';
import { isHeld } from './vm-metadata.ts';

/** Nothing holds the slot: the head of the queue takes it, once the VM is off. */
export function decideIdle(observed: Observed): Action {
  const { slot, instance, refusal, now } = observed;
  const [head] = slot.queue;
  const orphan = decideOrphan(observed);
  if (orphan) return orphan;
  // A refusal is the head's to report; it ends that run, not the queue.
  const isFree = refusal !== undefined || (instance && isOff(instance.status));
  if (head && isFree) return slotChange('activate', activateNext(slot, now));
  const what = head ? (instance ? 'off' : 'instance') : 'nothing';
  return { kind: 'wait', for: what, ...(head && { runId: head.runId }) };
}

/** The objects of the run that holds the slot are gone: the slot is free again when the VM is off. */
export function decideVanished(observed: Observed, { runId }: ActiveRun): Action {
  const { slot, instance } = observed;
  if (instance && isOff(instance.status)) return slotChange('release', release(slot, runId));
  return decideOrphan(observed) ?? { kind: 'wait', for: instance ? 'off' : 'instance', runId };
}

/** A VM that is on for no run: noted, notified, stopped, unless a person holds it. Undefined: there is none, or not for long. */
export function decideOrphan(observed: Observed): Action | undefined {
  const { slot, instance, now } = observed;
  const { orphan } = slot;
  if (!instance) return undefined;
  if (isOff(instance.status) || isHeld(instance)) {
    const isUnreported = orphan?.askedAt && !orphan.notified;
    return isUnreported
      ? reportOrphan(observed, orphan)
      : orphan && slotChange('orphan gone', withoutOrphan(slot));
  }
  const startedAt = instance.lastStartedAt ?? 'unknown';
  if (orphan?.startedAt !== startedAt) {
    const found: Orphan = { startedAt, since: now.toISOString(), notified: false };
    return slotChange('orphan found', { ...slot, orphan: found });
  }
  if (secondsBetween(orphan.since, now) < STRAY_GRACE) return undefined;
  const report = reportOrphan(observed, orphan);
  if (report) return report;
  const isAsked = orphan.askedAt && secondsBetween(orphan.askedAt, now) < ASK_AGAIN;
  return isAsked || instance.status !== 'RUNNING' ? undefined : { kind: 'stop-orphan', orphan };
}

/** Undefined where people know, or could not be told in this pass: that holds up nothing, and is done later. */
function reportOrphan({ undelivered }: Observed, orphan: Orphan): Action | undefined {
  return orphan.notified || undelivered.has('orphan-vm') ? undefined : { kind: 'report-orphan', orphan };
}

function withoutOrphan({ orphan: _, ...slot }: Slot): Slot {
  return slot;
}

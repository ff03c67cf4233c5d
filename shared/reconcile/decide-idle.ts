import { type ActiveRun, activateNext, release, type Slot, type Stray } from '../model/slot.ts';
import { isOff } from '../ports/instance.ts';
import { type Action, slotChange } from './action.ts';
import type { Observed } from './facts.ts';
import { ASK_AGAIN, STRAY_GRACE, secondsBetween } from './timeouts.ts';
import { isHeld } from './vm-metadata.ts';

/** Nothing holds the slot: the head of the queue takes it, once the VM is off. */
export function decideIdle(observed: Observed): Action {
  const { slot, instance, refusal, now } = observed;
  const [head] = slot.queue;
  const stray = decideStray(observed);
  if (stray) return stray;
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
  return decideStray(observed) ?? { kind: 'wait', for: instance ? 'off' : 'instance', runId };
}

/** A VM that is on for no run: noted, told, stopped, unless a person holds it. Undefined: there is none, or not for long. */
export function decideStray(observed: Observed): Action | undefined {
  const { slot, instance, now } = observed;
  const { stray } = slot;
  if (!instance) return undefined;
  if (isOff(instance.status) || isHeld(instance)) {
    const isUntold = stray?.askedAt && !stray.told;
    return isUntold ? tellStray(observed, stray) : stray && slotChange('stray gone', withoutStray(slot));
  }
  const startedAt = instance.lastStartedAt ?? 'unknown';
  if (stray?.startedAt !== startedAt) {
    const found: Stray = { startedAt, since: now.toISOString(), told: false };
    return slotChange('stray found', { ...slot, stray: found });
  }
  if (secondsBetween(stray.since, now) < STRAY_GRACE) return undefined;
  const tell = tellStray(observed, stray);
  if (tell) return tell;
  const isAsked = stray.askedAt && secondsBetween(stray.askedAt, now) < ASK_AGAIN;
  return isAsked || instance.status !== 'RUNNING' ? undefined : { kind: 'stop-stray', stray };
}

/** Undefined where people know, or could not be told in this pass: that holds up nothing, and is done later. */
function tellStray({ undelivered }: Observed, stray: Stray): Action | undefined {
  return stray.told || undelivered.has('stray-vm') ? undefined : { kind: 'tell-stray', stray };
}

function withoutStray({ stray: _, ...slot }: Slot): Slot {
  return slot;
}

import { describeSeconds } from '../config/duration.ts';
import type { Final } from '../model/final.ts';
import { type ActiveRun, changeActive, nextAttempt, release, type StopReason } from '../model/slot.ts';
import { type InstanceFacts, isOff } from '../ports/instance.ts';
import { type Action, type RevokeReason, slotChange, type Wait } from './action.ts';
import { decideOrphan } from './decide-idle.ts';
import type { ActiveFacts, Observed } from './facts.ts';
import { cancelWords, finalizeRun, finalWithout } from './finalize-run.ts';
import {
  ASK_AGAIN,
  BOOT_LIMIT,
  MAX_SILENCES,
  MAX_STARTS,
  OFF_GRACE,
  OVERDUE_MARGIN,
  SILENCE,
  STOP_MARGIN,
  secondsBetween,
} from './timeouts.ts';
import { isHeld, metadataNames } from './vm-metadata.ts';

const DIED = 'The VM went off without reporting an outcome (preempted, host error or power loss).';
const HUNG = 'The VM gave no sign of life any more and was stopped.';

/** The next step for the run that holds the slot. */
export function decideActive(observed: Observed, run: ActiveFacts): Action {
  const { active } = observed.slot;
  if (!active) throw new Error('The run that holds the slot was observed, but nothing holds the slot.');
  if (run.final) return conclude(observed, { ...run, final: run.final }, active);
  if (run.outcome)
    return { kind: 'evaluate-outcome', spec: run.spec, attempt: active.attempt, outcome: run.outcome };
  if (run.claim?.by === 'control-plane') return afterRevocation(observed, run, active, run.claim.reason);
  if (run.claim?.by === 'vm') return claimed(observed, run, active);
  if (run.cancel) return revoke(active, 'cancelled', 'Cancelled before the VM took the run.');
  if (observed.refusal && active.startedSeq === undefined)
    return revoke(active, 'start-failed', observed.refusal);
  if (!observed.instance) return wait('instance', active);
  return isOff(observed.instance.status)
    ? toStart(observed, run, active)
    : booting(observed, observed.instance, active);
}

/** Finished: record, tell, see the VM off, prove it, free the slot. */
function conclude(observed: Observed, run: ActiveFacts & { final: Final }, active: ActiveRun): Action {
  const { instance, now, slot } = observed;
  const unsettled = finalizeRun(observed, run);
  if (unsettled) return unsettled;
  const freed = slotChange('release', release(slot, active.runId));
  // Refused before any start was seen, and taken back: no VM works on it, even if a start had an effect after all.
  const isTakenBack = active.startedSeq === undefined && run.claim?.by === 'control-plane';
  if (observed.refusal && isTakenBack) return freed;
  if (!instance) return wait('instance', active);
  if (isOff(instance.status)) {
    if (!run.status?.vm.terminatedSeenAt) return { kind: 'record', run };
    return freed;
  }
  if (secondsBetween(run.final.finishedAt, now) < OFF_GRACE) return wait('off', active);
  return stopOnce(observed, instance, active, 'overdue');
}

/** The control plane took the attempt back: no VM can work on it any more. */
function afterRevocation(observed: Observed, run: ActiveFacts, active: ActiveRun, reason: string): Action {
  const detail = run.claim?.by === 'control-plane' ? (run.claim.detail ?? reason) : reason;
  if (reason === 'cancelled') return { kind: 'finish', final: cancelledActive(observed, run) };
  if (reason === 'start-failed')
    return { kind: 'finish', final: finalWithout(observed, run, 'start-failed', detail) };
  if (!observed.instance) return wait('instance', active);
  if (!isOff(observed.instance.status)) return stopOnce(observed, observed.instance, active, 'boot-timeout');
  if (!run.savedConsoles.has(active.attempt)) return saveConsole(active);
  return again(observed, run, active, detail);
}

/** A VM works on the attempt, or died of it. */
function claimed(observed: Observed, run: ActiveFacts, active: ActiveRun): Action {
  const { instance, now } = observed;
  if (!instance) return wait('instance', active);
  if (isOff(instance.status)) return ended(observed, run, active, instance);
  if (active.stopping) return stopOnce(observed, instance, active, active.stopping.reason);
  if (run.cancel) return stopOnce(observed, instance, active, 'cancelled');
  const limit = run.spec.maxSeconds + STOP_MARGIN + OVERDUE_MARGIN;
  if (secondsBetween(bootedSince(instance, active), now) > limit)
    return stopOnce(observed, instance, active, 'timed-out');
  return measureLiveness(observed, run, active, instance);
}

/** A VM whose heartbeat stands still at two looks in a row, with everything readable, is taken for hung. */
function measureLiveness(
  { slot, now }: Observed,
  { heartbeat }: ActiveFacts,
  active: ActiveRun,
  instance: InstanceFacts,
): Action {
  const at = heartbeat?.at ?? 'none';
  const { liveness } = active;
  if (liveness?.at !== at) return note('heartbeat', { at, lookedAt: now.toISOString(), missedHeartbeats: 0 });
  if (secondsBetween(liveness.lookedAt, now) < SILENCE) return wait('outcome', active);
  const missedHeartbeats = liveness.missedHeartbeats + 1;
  if (missedHeartbeats < MAX_SILENCES)
    return note('missed heartbeat', { at, lookedAt: now.toISOString(), missedHeartbeats });
  return stopOnce({ now }, instance, active, 'silent');

  function note(change: string, noted: NonNullable<ActiveRun['liveness']>): Action {
    return slotChange(
      change,
      changeActive(slot, active.runId, (current) => ({ ...current, liveness: noted })),
    );
  }
}

/** The VM that held the claim is off and left no outcome. */
function ended(observed: Observed, run: ActiveFacts, active: ActiveRun, instance: InstanceFacts): Action {
  const reason = active.stopping?.reason;
  if (!run.savedConsoles.has(active.attempt)) return saveConsole(active);
  if (reason === 'cancelled') return { kind: 'finish', final: cancelledActive(observed, run) };
  const limit = run.spec.maxSeconds + STOP_MARGIN;
  if (reason === 'timed-out' || onSeconds(instance) >= limit) {
    const times = `${describeSeconds(STOP_MARGIN)} after its time limit of ${describeSeconds(run.spec.maxSeconds)}`;
    const detail = `The VM was stopped ${times}, without having reported an outcome.`;
    return { kind: 'finish', final: finalWithout(observed, run, 'timed-out', detail) };
  }
  return again(observed, run, active, reason === 'silent' ? HUNG : DIED);
}

/** One more attempt, or the end of the run. */
function again(observed: Observed, run: ActiveFacts, active: ActiveRun, reason: string): Action {
  const { slot, now, instance } = observed;
  if (active.attempt >= run.spec.maxAttempts) {
    const detail = `${reason} No attempt is left (${active.attempt} of ${run.spec.maxAttempts}).`;
    return { kind: 'finish', final: finalWithout(observed, run, 'lost', detail) };
  }
  const on = { seconds: instance ? onSeconds(instance) : 0, isSpot: instance?.isSpot ?? false };
  const change = (current: ActiveRun) => nextAttempt(current, reason, on, now);
  return slotChange('next attempt', changeActive(slot, active.runId, change));
}

/** The VM is off and nobody has claimed the attempt. */
function toStart({ now, slot }: Observed, { spec }: ActiveFacts, active: ActiveRun): Action {
  const { startSeq, startedSeq, startError, stockOuts = 0, retryAt, attemptSince, runId } = active;
  if (startError && secondsBetween(attemptSince, now) > spec.startWithinSeconds) {
    return revoke(
      active,
      'start-failed',
      `The VM could not be started within the limit (limits.startWithin): ${startError}.`,
    );
  }
  if (retryAt && new Date(retryAt) > now) return wait('retry', active);
  if (startedSeq !== startSeq) return { kind: 'start', spec };
  // A start that failed switched nothing on.
  if (startSeq - stockOuts >= MAX_STARTS) {
    return revoke(
      active,
      'boot-timeout',
      `The VM went off ${MAX_STARTS} times before its startup script took the run.`,
    );
  }
  // The earlier start call is done and its id spent: a deliberate restart needs a new one.
  return slotChange(
    'restart',
    changeActive(slot, runId, (current) => ({ ...current, startSeq: startSeq + 1 })),
  );
}

/** The VM is on and has not claimed the attempt: it boots for it, or is still on for something else. */
function booting(observed: Observed, instance: InstanceFacts, active: ActiveRun): Action {
  const isOurs = instance.metadata[metadataNames.runId] === active.runId;
  if (!isOurs) return decideOrphan(observed) ?? wait('off', active);
  if (secondsBetween(bootedSince(instance, active), observed.now) <= BOOT_LIMIT) return wait('claim', active);
  return revoke(
    active,
    'boot-timeout',
    `The VM was on for ${BOOT_LIMIT} s, but its startup script did not take the run.`,
  );
}

/** Stops the VM for a reason that is noted in the slot first; while it is stopping, waits. */
function stopOnce(
  { now }: Pick<Observed, 'now'>,
  instance: InstanceFacts,
  active: ActiveRun,
  reason: StopReason,
): Action {
  const { stopping, runId } = active;
  if (isHeld(instance)) return wait('off', active);
  const asked = stopping?.askedAt && secondsBetween(stopping.askedAt, now) < ASK_AGAIN;
  if (asked || (stopping && instance.status !== 'RUNNING')) return wait('off', active);
  return { kind: 'stop', runId, reason: stopping?.reason ?? reason };
}

function cancelledActive(observed: Observed, run: ActiveFacts): Final {
  return finalWithout(observed, run, 'cancelled', run.cancel ? cancelWords(run.cancel) : 'Cancelled.');
}

function saveConsole({ runId, attempt }: ActiveRun): Action {
  return { kind: 'save-console', runId, attempt };
}

function revoke({ runId, attempt }: ActiveRun, reason: RevokeReason, detail: string): Action {
  return { kind: 'revoke', runId, attempt, reason, detail };
}

function wait(what: Wait['for'], { runId }: ActiveRun): Wait {
  return { kind: 'wait', for: what, runId };
}

/** How long the VM was on, the last time. */
export function onSeconds({ lastStartedAt, lastStoppedAt }: InstanceFacts): number {
  return lastStartedAt && lastStoppedAt ? Math.max(0, secondsBetween(lastStartedAt, lastStoppedAt)) : 0;
}

/** Since when the VM is on for the attempt: it may have waited for hours until a machine was in stock. */
function bootedSince({ lastStartedAt }: InstanceFacts, { attemptSince }: ActiveRun): string {
  return lastStartedAt && new Date(lastStartedAt) > new Date(attemptSince) ? lastStartedAt : attemptSince;
}

import { TransientError } from '../errors.ts';
import { changeActive, type Orphan, type Slot, type StopReason, withoutPendingStop } from '../model/slot.ts';
import type { Dependencies } from './dependencies.ts';
import { callId } from './request-id.ts';

/**
 * Stops the VM in two steps: the first notes the call in the slot, the second makes it. A call that hangs may take effect when
 * another run has the VM. Compute Engine ignores a request id that it has seen, within 60 minutes, so whoever finds the VM off
 * repeats the noted call (settleStop) before the VM is started again.
 */
async function stopVm(
  { instance, clock }: Dependencies,
  slot: Slot,
  subject: string,
  swap: (next: Slot) => Promise<void>,
  note: (at: string, isAsked: boolean) => Slot,
): Promise<void> {
  const { pendingStop } = slot;
  if (pendingStop) await instance.stop(pendingStop);
  const at = clock.now().toISOString();
  const noted = note(at, pendingStop !== undefined);
  await swap(
    pendingStop
      ? withoutPendingStop(noted)
      : { ...noted, pendingStop: callId(subject, slot.epoch, `stop ${at}`) },
  );
}

/** Stops the VM of the active run. The reason is noted first, so that whoever finds the VM off knows why. */
export function stopRun(
  deps: Dependencies,
  slot: Slot,
  { runId, reason }: { runId: string; reason: StopReason },
  swap: (next: Slot) => Promise<void>,
): Promise<void> {
  return stopVm(deps, slot, runId, swap, (at, isAsked) =>
    changeActive(slot, runId, (active) => ({
      ...active,
      stopping: { since: at, ...active.stopping, reason, ...(isAsked && { askedAt: at }) },
    })),
  );
}

/** Stops a VM that is on without a run. */
export function stopOrphan(
  deps: Dependencies,
  slot: Slot,
  orphan: Orphan,
  swap: (next: Slot) => Promise<void>,
): Promise<void> {
  return stopVm(deps, slot, `orphan ${orphan.startedAt}`, swap, (at, isAsked) => ({
    ...slot,
    orphan: { ...orphan, ...(isAsked && { askedAt: at }) },
  }));
}

/** The VM is off: repeats the stop call that may be under way, so that it cannot hit a later boot. */
export async function settleStop(
  { instance, log }: Dependencies,
  slot: Slot,
  swap: (next: Slot) => Promise<void>,
): Promise<void> {
  if (!slot.pendingStop) return;
  try {
    await instance.stop(slot.pendingStop);
  } catch (error) {
    if (error instanceof TransientError) throw error;
    // Refused for good, such as by an instance that is gone: there is nothing to wait for.
    log({ severity: 'ERROR', message: 'A stop call was refused.', error: (error as Error).message });
  }
  await swap(withoutPendingStop(slot));
}

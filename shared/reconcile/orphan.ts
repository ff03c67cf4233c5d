import { TransientError } from '../errors.ts';
import type { Orphan } from '../model/slot.ts';
import { readSlot, type StoredSlot, swapSlot } from '../records/slot-store.ts';
import type { Dependencies } from './dependencies.ts';
import { SENDING_SECONDS } from './send-notification.ts';
import { secondsBetween } from './timeouts.ts';

/**
 * Reports that the VM is or was on without a run, and records that. The intent is noted before the message is sent; an attempt whose
 * end is unknown is repeated, and says that it may be a repetition.
 */
export async function reportOrphan(deps: Dependencies, stored: StoredSlot, orphan: Orphan): Promise<void> {
  const { objects, notifier, instance, clock } = deps;
  const { name, zone } = instance;
  const now = clock.now();
  if (orphan.notifyingAt && secondsBetween(orphan.notifyingAt, now) < SENDING_SECONDS)
    throw new TransientError(
      `Another function is already reporting that ${name} is on without a run. It will be checked again later.`,
    );
  const notifying = { ...stored.slot, orphan: { ...orphan, notifyingAt: now.toISOString() } };
  if (!(await swapSlot(objects, name, stored, notifying))) return;
  const resend = orphan.notifyingAt !== undefined;
  await notifier.notify({ event: 'orphan-vm', instance: name, zone, onSince: orphan.startedAt, resend });
  const after = await readSlot(objects, name);
  if (after.slot.orphan?.startedAt === orphan.startedAt)
    await swapSlot(objects, name, after, { ...after.slot, orphan: { ...after.slot.orphan, notified: true } });
}

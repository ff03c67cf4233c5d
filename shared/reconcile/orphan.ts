import { TransientError } from '../errors.ts';
import type { Stray } from '../model/slot.ts';
import type { Dependencies } from './dependencies.ts';
import { callId } from './request-id.ts';
import { SENDING_SECONDS } from './send-notification.ts';
import { readSlot, type StoredSlot, swapSlot } from './slot-store.ts';
import { secondsBetween } from './timeouts.ts';

/**
 * Tells people that the VM is or was on without a run, and notes that they were told. Who tells has noted before that it begins; a try whose
 * end is unknown is repeated, and says that it may be a repetition.
 */
export async function tellStray(deps: Dependencies, stored: StoredSlot, stray: Stray): Promise<void> {
  const { objects, notifier, instance, clock } = deps;
  const { name, zone } = instance;
  const now = clock.now();
  if (stray.tellingAt && secondsBetween(stray.tellingAt, now) < SENDING_SECONDS)
    throw new TransientError(
      `Another function tells that ${name} is on without a run. Looked at again later.`,
    );
  const telling = { ...stored.slot, stray: { ...stray, tellingAt: now.toISOString() } };
  if (!(await swapSlot(objects, name, stored, telling))) return;
  const resend = stray.tellingAt !== undefined;
  await notifier.notify({ event: 'stray-vm', instance: name, zone, onSince: stray.startedAt, resend });
  const after = await readSlot(objects, name);
  if (after.slot.stray?.startedAt === stray.startedAt)
    await swapSlot(objects, name, after, { ...after.slot, stray: { ...after.slot.stray, told: true } });
}

/** `note` keeps the stray VM as it is afterwards. */
export async function stopStray(
  { instance, clock }: Dependencies,
  stray: Stray,
  note: (stray: Stray) => Promise<void>,
): Promise<void> {
  await instance.stop(callId(`stray ${stray.startedAt}`, 0, stray.askedAt ?? stray.since));
  await note({ ...stray, askedAt: clock.now().toISOString() });
}

import type { Stray } from '../model/slot.ts';
import type { Dependencies } from './dependencies.ts';
import { callId } from './request-id.ts';

type Note = (stray: Stray) => Promise<void>;

/** Tells people that the VM is on without a run, and notes that they were told. */
export async function tellStray(
  { notifier, instance }: Dependencies,
  stray: Stray,
  note: Note,
): Promise<void> {
  const { name, zone } = instance;
  await notifier.notify({ event: 'stray-vm', instance: name, zone, onSince: stray.startedAt, resend: false });
  await note({ ...stray, told: true });
}

export async function stopStray({ instance, clock }: Dependencies, stray: Stray, note: Note): Promise<void> {
  await instance.stop(callId(`stray ${stray.startedAt}`, 0, stray.askedAt ?? stray.since));
  await note({ ...stray, askedAt: clock.now().toISOString() });
}

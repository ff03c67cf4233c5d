import { triedAgainLater } from '../errors.ts';
import { finalName, RUNS, runIdOfName } from '../model/layout.ts';
import { enqueue, holds } from '../model/slot.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { orIfMalformed } from '../records/documents.ts';
import { readSlot, type StoredSlot, swapSlot } from '../records/slot-store.ts';
import type { Dependencies } from './dependencies.ts';

/** Writers of one burst; each write puts all accepted runs into the queue, so that a few writes are enough for any number. */
const TRIES = 10;
const FIRST_PAUSE_MS = 100;
/** Older runs are the sweep's. */
const LOOK_BACK_MS = 3_600_000;

/**
 * Puts the run into the queue, together with every run of the last hour that is accepted and not yet there, in the order of their
 * acceptance. In a burst, the losers of the compare-and-set find their run in the queue. Throws TransientError where others
 * change the slot all the time.
 */
export async function enqueueAccepted(
  { objects, instance, clock }: Pick<Dependencies, 'objects' | 'instance' | 'clock'>,
  runId: string,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    // The control loop reports a damaged slot.
    const stored = await orIfMalformed<StoredSlot | undefined>(
      readSlot(objects, instance.name),
      () => undefined,
    );
    if (!stored || holds(stored.slot, runId)) return;
    // Listed after the slot was read: a run that has left the slot by then has its final.json.
    const waiting = await unfinishedSince(objects, new Date(clock.now().getTime() - LOOK_BACK_MS));
    // The control loop takes in what is older, or has ended.
    if (!waiting.includes(runId)) return;
    const missing = waiting.filter((id) => !holds(stored.slot, id)).toSorted();
    const next = missing.reduce((slot, id) => enqueue(slot, id, clock.now()), stored.slot);
    if (await swapSlot(objects, instance.name, stored, next)) return;
    await clock.sleep(FIRST_PAUSE_MS * 2 ** Math.min(tries, 5));
  }
  throw triedAgainLater(`The queue of ${instance.name} is being changed by others all the time.`);
}

/** Run ids begin with their time, to the second. */
async function unfinishedSince(objects: ObjectStore, since: Date): Promise<string[]> {
  const [day = '', time = ''] = since.toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  const listed = await objects.list({ prefix: RUNS, startOffset: `${RUNS}${day}-${time}` });
  const names = new Set(listed.map(({ name }) => name));
  const accepted = [...names].filter((name) => name.endsWith('/spec.json')).map(runIdOfName);
  return accepted.filter((id) => id !== undefined).filter((id) => !names.has(finalName(id)));
}

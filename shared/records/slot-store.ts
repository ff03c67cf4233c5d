import { slotName } from '../model/layout.ts';
import { EMPTY_SLOT, type Slot, slotSchema } from '../model/slot.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { parseDocument, toText } from './documents.ts';

/** The slot as read, with what a compare-and-set needs. */
export interface StoredSlot {
  slot: Slot;
  /** Undefined: the object does not exist yet. */
  generation: string | undefined;
}

/** Nothing has used the slot. */
export const EMPTY_STORED_SLOT: StoredSlot = { slot: EMPTY_SLOT, generation: undefined };

export async function readSlot(objects: ObjectStore, instance: string): Promise<StoredSlot> {
  const name = slotName(instance);
  const stored = await objects.read(name);
  if (!stored) return EMPTY_STORED_SLOT;
  return { slot: parseDocument(objects, name, stored, slotSchema), generation: stored.generation };
}

/** Whether nobody has changed the slot since it was read. */
export async function isCurrent(
  objects: ObjectStore,
  instance: string,
  stored: StoredSlot,
): Promise<boolean> {
  const { generation } = await readSlot(objects, instance);
  return generation === stored.generation;
}

/**
 * Replaces the slot only if it is still as it was read, and says whether it was. The control loop need not know: after every step it
 * reads the slot again, and so sees its own write whose answer was lost as well as somebody else's that came first.
 */
export async function swapSlot(
  objects: ObjectStore,
  instance: string,
  { generation }: StoredSlot,
  next: Slot,
): Promise<boolean> {
  const name = slotName(instance);
  if (generation === undefined) return (await objects.create(name, toText(next))) === 'created';
  return (await objects.replace(name, toText(next), generation)) === 'replaced';
}

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

export async function readSlot(objects: ObjectStore, instance: string): Promise<StoredSlot> {
  const name = slotName(instance);
  const stored = await objects.read(name);
  if (!stored) return { slot: EMPTY_SLOT, generation: undefined };
  return { slot: parseDocument(objects, name, stored.text, slotSchema), generation: stored.generation };
}

/**
 * Replaces the slot only if it is still as it was read. A conflict may be our own write whose answer was lost: the writer reads
 * again and asks whether the `writeId` is its own.
 */
export async function swapSlot(
  objects: ObjectStore,
  instance: string,
  read: StoredSlot,
  next: Slot,
  writeId: string,
): Promise<'swapped' | 'conflict'> {
  const name = slotName(instance);
  const text = toText({ ...next, writeId });
  const written =
    read.generation === undefined
      ? (await objects.create(name, text)) === 'created'
      : (await objects.replace(name, text, read.generation)) === 'replaced';
  if (written) return 'swapped';
  const { slot } = await readSlot(objects, instance);
  return slot.writeId === writeId ? 'swapped' : 'conflict';
}

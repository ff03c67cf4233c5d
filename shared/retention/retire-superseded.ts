import type { ObjectInfo } from '../ports/objects.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { neededObjects } from './needed.ts';

const DAY_MS = 86_400_000;
/** A push uploads its package before it becomes the newest. */
const YOUNG_MS = DAY_MS;
/** A mark cannot be taken back, only moved: on what is needed again, long before the bucket's lifecycle acts on it (14 days). */
const REFRESH_MS = 3 * DAY_MS;

const FOLDERS = ['src/', 'inputs/'];

/**
 * The daily round: marks packages and inputs that nothing needs any more, with the time as their custom time; the bucket's lifecycle
 * deletes them 14 days later. What is not marked stays, however old: so where this never runs, nothing is lost.
 */
export async function retireSuperseded({ objects, instance, clock, log }: Dependencies): Promise<void> {
  const needed = await neededObjects(objects, instance.name);
  if (!needed) return;
  const now = clock.now();
  for (const prefix of FOLDERS) {
    for (const object of await objects.list({ prefix })) {
      if (!isDue(object, needed.has(object.name), now.getTime())) continue;
      await objects.retire(object.name, now);
      log({ message: 'Marked as superseded.', object: object.name, needed: needed.has(object.name) });
    }
  }
}

/** The pointer to the newest package is always needed. */
function isDue({ name, updatedAt, retiredAt }: ObjectInfo, isNeeded: boolean, now: number): boolean {
  if (name.endsWith('.json')) return false;
  if (!retiredAt) return !isNeeded && now - Date.parse(updatedAt) > YOUNG_MS;
  return isNeeded && now - Date.parse(retiredAt) > REFRESH_MS;
}

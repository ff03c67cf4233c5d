import { isDeepStrictEqual } from 'node:util';
import { TransientError } from '../errors.ts';
import { statusName } from '../model/layout.ts';
import { isFinished, type Status, statusSchema } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { parseDocument, toText } from './documents.ts';

/** Writers that overtake each other so often within one call are no coincidence. */
const TRIES = 5;

/** Writes status.json; a finished run's status is never replaced by an unfinished one that comes late. */
export async function writeStatus(objects: ObjectStore, status: Status): Promise<void> {
  const name = statusName(status.runId);
  const text = toText(status);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await objects.read(name);
    if (!stored) {
      if ((await objects.create(name, text)) === 'created') return;
      continue;
    }
    const current = parseDocument(objects, name, stored.text, statusSchema);
    if (isDeepStrictEqual(current, status) || (isFinished(current) && !isFinished(status))) return;
    if ((await objects.replace(name, text, stored.generation)) === 'replaced') return;
  }
  throw new TransientError(
    `gs://${objects.bucket}/${name} is being changed by others all the time. Tried again later.`,
  );
}

import { z } from 'zod';
import { blobName, isStatePointer } from '../model/layout.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { readDocument } from '../records/documents.ts';

const pointerSchema = z.object({ name: z.string() });
const stateSchema = z.object({ files: z.array(z.object({ sha256: z.string() })) });

/**
 * Of these objects below state/, the names of those that must stay: each target's last good state, what the runs that have the VM or
 * wait for it have saved, and the bytes of both. Throws where one of them is malformed: then nothing can be said.
 */
export async function neededState(
  objects: ObjectStore,
  names: string[],
  runIds: string[],
): Promise<Set<string>> {
  const pointers = names.filter(isStatePointer);
  const lastGood = await Promise.all(pointers.map((name) => readDocument(objects, name, pointerSchema)));
  const ofRuns = names.filter((name) => runIds.some((runId) => name.includes(`/${runId}/`)));
  const documents = [...lastGood.flatMap((pointer) => pointer?.name ?? []), ...ofRuns];
  const needed = new Set([...pointers, ...documents]);
  for (const name of documents) {
    const state = await readDocument(objects, name, stateSchema);
    for (const { sha256 } of state?.files ?? []) needed.add(blobName(sha256));
  }
  return needed;
}

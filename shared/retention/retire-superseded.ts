import { mapConcurrent } from '../map-concurrent.ts';
import type { ObjectInfo } from '../ports/objects.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { MalformedDocumentError } from '../records/documents.ts';
import { readSlot } from '../records/slot-store.ts';
import { neededPackages } from './needed-packages.ts';
import { neededState } from './needed-state.ts';

/**
 * What was written just now may be about to be needed: a push uploads its package before it becomes the newest. And a mark cannot be
 * taken back, only moved: on what is needed again, long before the bucket's lifecycle acts on it (14 days).
 */
const SOON_MS = 86_400_000;
/** A state has many files. What is left for the next day has lost nothing. */
const MAX_MARKS = 10_000;
const PARALLEL = 32;

/**
 * The daily round: marks packages, inputs and carried state that nothing needs any more, with the time as their custom time; the
 * bucket's lifecycle deletes them 14 days later. What is not marked stays, however old: so where this never runs, nothing is lost.
 */
export async function retireSuperseded(dependencies: Dependencies): Promise<void> {
  const { objects, instance } = dependencies;
  await unlessDamaged(dependencies, async () => {
    const { slot } = await readSlot(objects, instance.name);
    const runIds = [...(slot.active ? [slot.active] : []), ...slot.queue].map(({ runId }) => runId);
    await unlessDamaged(dependencies, () => retirePackages(dependencies, runIds));
    await unlessDamaged(dependencies, () => retireState(dependencies, runIds));
  });
}

/** What a damaged object needs is unknown, so nothing is marked until it is repaired. */
async function unlessDamaged({ log }: Dependencies, retire: () => Promise<void>): Promise<void> {
  try {
    await retire();
  } catch (error) {
    if (!(error instanceof MalformedDocumentError)) throw error;
    log({ severity: 'ERROR', message: `Nothing is marked as superseded: ${error.message}` });
  }
}

async function retirePackages(dependencies: Dependencies, runIds: string[]): Promise<void> {
  const { objects } = dependencies;
  const needed = await neededPackages(objects, runIds);
  if (!needed) return;
  for (const prefix of ['src/', 'inputs/']) await mark(dependencies, await objects.list({ prefix }), needed);
}

async function retireState(dependencies: Dependencies, runIds: string[]): Promise<void> {
  const all = await dependencies.objects.list({ prefix: 'state/' });
  const names = all.map(({ name }) => name);
  await mark(dependencies, all, await neededState(dependencies.objects, names, runIds));
}

async function mark(
  { objects, clock, log }: Pick<Dependencies, 'objects' | 'clock' | 'log'>,
  found: ObjectInfo[],
  needed: Set<string>,
): Promise<void> {
  const now = clock.now();
  const neededAgain = found.filter((object) => needed.has(object.name) && isOld(object.retiredAt, now));
  const superseded = found.filter(
    (object) => !needed.has(object.name) && !object.retiredAt && isOld(object.updatedAt, now),
  );
  const due = [...neededAgain, ...superseded.slice(0, MAX_MARKS)];
  await mapConcurrent(PARALLEL, due, ({ name }) => objects.retire(name, now));
  const [first] = due;
  if (first) log({ message: 'Marked as superseded.', objects: due.length, first: first.name });
}

function isOld(at: string | undefined, now: Date): boolean {
  return at !== undefined && now.getTime() - Date.parse(at) > SOON_MS;
}

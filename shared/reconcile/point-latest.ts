import { z } from 'zod';
import { TransientError } from '../errors.ts';
import type { Final } from '../model/final.ts';
import { LATEST_RESULTS, latestStateName, resultsPrefix } from '../model/layout.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { parseDocument, toText } from './documents.ts';
import type { RunFacts } from './facts.ts';

const TRIES = 5;
const resultsSchema = z.record(z.string(), z.looseObject({ runId: z.string() }));
const stateSchema = z.object({ runId: z.string(), name: z.string() });

type GoodRun = RunFacts & { final: Final };

/** `results/latest.json` maps each target to its last good run, and that to the one before. */
export function pointLatestResults(objects: ObjectStore, { spec, final }: GoodRun): Promise<void> {
  const entry = {
    runId: spec.runId,
    finishedAt: final.finishedAt,
    verdict: final.verdict,
    resultsPrefix: `gs://${objects.bucket}/${resultsPrefix(spec.runId)}`,
    source: spec.source,
  };
  return advance(objects, LATEST_RESULTS, resultsSchema, (latest = {}) => {
    const former = latest[spec.target];
    if (!isNewer(spec.runId, former?.runId)) return undefined;
    return { ...latest, [spec.target]: { ...entry, ...(former && { before: former.runId }) } };
  });
}

/** `state/<target>/latest.json` names the state that the target's next run begins with. */
export async function pointLatestState(objects: ObjectStore, { spec, final }: GoodRun): Promise<void> {
  const { saved } = final.state ?? {};
  if (!spec.state || !saved) return;
  const pointer = { runId: spec.runId, finishedAt: final.finishedAt, source: spec.source, ...saved };
  await advance(objects, latestStateName(spec.target), stateSchema, (latest) =>
    isNewer(spec.runId, latest?.runId) ? pointer : undefined,
  );
}

/** An older run that is recorded late does not replace a newer one. */
function isNewer(runId: string, than = ''): boolean {
  return runId > than;
}

/** Changes a document by compare-and-set; `change` gives undefined where there is nothing to change. */
async function advance<S extends z.ZodType>(
  objects: ObjectStore,
  name: string,
  schema: S,
  change: (current: z.output<S> | undefined) => object | undefined,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await objects.read(name);
    const next = change(stored && parseDocument(objects, name, stored.text, schema));
    if (!next) return;
    const written = stored
      ? (await objects.replace(name, toText(next), stored.generation)) === 'replaced'
      : (await objects.create(name, toText(next))) === 'created';
    if (written) return;
  }
  throw new TransientError(
    `gs://${objects.bucket}/${name} is being changed by others all the time. Tried again later.`,
  );
}

import { z } from 'zod';
import type { Final } from '../model/final.ts';
import { latestResultsSchema } from '../model/latest-results.ts';
import { LATEST_RESULTS, latestStateName, resultsPrefix } from '../model/layout.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { changeDocument } from '../records/documents.ts';
import type { RunFacts } from './facts.ts';

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
  return changeDocument(objects, LATEST_RESULTS, latestResultsSchema, (latest = {}) => {
    const baseline = latest[spec.target];
    if (!isNewer(spec.runId, baseline?.runId)) return undefined;
    return { ...latest, [spec.target]: { ...entry, ...(baseline && { before: baseline.runId }) } };
  });
}

/** `state/<target>/latest.json` names the state that the target's next run begins with. */
export async function pointLatestState(objects: ObjectStore, { spec, final }: GoodRun): Promise<void> {
  const { saved } = final.state ?? {};
  if (!spec.state || !saved) return;
  const pointer = { runId: spec.runId, finishedAt: final.finishedAt, source: spec.source, ...saved };
  await changeDocument(objects, latestStateName(spec.target), stateSchema, (latest) =>
    isNewer(spec.runId, latest?.runId) ? pointer : undefined,
  );
}

/** An older run that is recorded late does not replace a newer one. */
function isNewer(runId: string, than = ''): boolean {
  return runId > than;
}

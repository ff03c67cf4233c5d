import { latestResultsSchema } from '../model/latest-results.ts';
import { LATEST_RESULTS, summaryName } from '../model/layout.ts';
import type { RunSpec } from '../model/spec.ts';
import { summarySchema } from '../model/summary.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { readIfValid } from '../records/documents.ts';

const phasesSchema = summarySchema.pick({ phases: true });

/** The target's last good run, and how long its phases took; undefined where there is none. It is for estimates alone. */
export async function baselineRun(objects: ObjectStore, target: string): Promise<RunSpec['baseline']> {
  const latest = await readIfValid(objects, LATEST_RESULTS, latestResultsSchema);
  if (!latest || !Object.hasOwn(latest, target)) return undefined;
  const { runId = '' } = latest[target] ?? {};
  const summary = await readIfValid(objects, summaryName(runId), phasesSchema);
  return summary?.phases && { runId, phases: summary.phases };
}

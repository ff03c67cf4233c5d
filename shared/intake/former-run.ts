import { z } from 'zod';
import { LATEST_RESULTS, summaryName } from '../model/layout.ts';
import type { RunSpec } from '../model/spec.ts';
import { summarySchema } from '../model/summary.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { MalformedDocumentError, readDocument } from '../reconcile/documents.ts';

const latestSchema = z.record(z.string(), z.object({ runId: z.string() }));

/** The target's last good run, and how long its phases took; undefined where there is none. It is for estimates alone. */
export async function formerRun(objects: ObjectStore, target: string): Promise<RunSpec['former']> {
  try {
    const latest = await readDocument(objects, LATEST_RESULTS, latestSchema);
    if (!latest || !Object.hasOwn(latest, target)) return undefined;
    const { runId = '' } = latest[target] ?? {};
    const summary = await readDocument(objects, summaryName(runId), summarySchema.pick({ phases: true }));
    return summary?.phases && { runId, phases: summary.phases };
  } catch (error) {
    if (error instanceof MalformedDocumentError) return undefined;
    throw error;
  }
}

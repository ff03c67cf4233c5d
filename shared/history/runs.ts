import { mapConcurrent } from '../map-concurrent.ts';
import { statusName } from '../model/layout.ts';
import { type Status, statusSchema } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { readIfValid } from '../records/documents.ts';
import { newestRunIds, type RunIdQuery } from './run-ids.ts';

const READS_AT_ONCE = 25;
/** How many runs are looked through for those of the same target, and how many of these are taken. */
const LOOK_BACK = 40;
const MAX_EARLIER_RUNS = 10;

export interface Page {
  /** Newest first. A run whose status is not written yet, or cannot be read, is left out. */
  runs: Status[];
  /** The oldest run id of this page, where there may be older ones: `before` of the next page. */
  next?: string;
}

/** A page of the history: listings, and one read for each run of the page. */
export async function pageOfRuns(objects: ObjectStore, query: RunIdQuery): Promise<Page> {
  const runIds = await newestRunIds(objects, query);
  const runs = await readStatuses(objects, runIds);
  const next = runIds.length === query.limit ? runIds.at(-1) : undefined;
  return { runs, ...(next && { next }) };
}

export async function readStatuses(objects: ObjectStore, runIds: string[]): Promise<Status[]> {
  const statuses = await mapConcurrent(READS_AT_ONCE, runIds, (runId) =>
    readIfValid(objects, statusName(runId), statusSchema),
  );
  return statuses.filter((status) => status !== undefined);
}

/** Finished runs of the same target before this one, newest first. */
export async function earlierRuns(
  objects: ObjectStore,
  { runId, target }: Status,
  now: Date,
): Promise<Status[]> {
  const runIds = await newestRunIds(objects, { limit: LOOK_BACK, before: runId, now });
  const runs = await readStatuses(objects, runIds);
  return runs
    .filter((run) => run.target === target && run.startedAt && run.finishedAt)
    .slice(0, MAX_EARLIER_RUNS);
}

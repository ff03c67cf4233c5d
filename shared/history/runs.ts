import { statusName } from '../model/layout.ts';
import { type Status, statusSchema } from '../model/status.ts';
import { inParallel } from '../parallel.ts';
import type { FileStore } from '../ports/files.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { newestRunIds, type RunIdQuery } from './run-ids.ts';

const READS_AT_ONCE = 25;

/** Text of an object, or undefined where there is none: by one request, where the store can. */
export type ReadText = (name: string) => Promise<string | undefined>;

export interface Page {
  /** Newest first. A run whose status is not written yet, or cannot be read, is left out. */
  runs: Status[];
  /** The oldest run id of this page, where there may be older ones: `before` of the next page. */
  next?: string;
}

/** A page of the history: listings, and one read for each run of the page. */
export async function pageOfRuns(objects: ObjectStore, read: ReadText, query: RunIdQuery): Promise<Page> {
  const runIds = await newestRunIds(objects, query);
  const runs = await readStatuses(read, runIds);
  const next = runIds.length === query.limit ? runIds.at(-1) : undefined;
  return { runs, ...(next && { next }) };
}

export async function readStatuses(read: ReadText, runIds: string[]): Promise<Status[]> {
  const statuses = await inParallel(READS_AT_ONCE, runIds, async (runId) =>
    parseStatus(await read(statusName(runId))),
  );
  return statuses.filter((status) => status !== undefined);
}

/** Reads by the store's own `read`. */
export function readerOf(objects: ObjectStore): ReadText {
  return async (name) => (await objects.read(name))?.text;
}

/** Reads a whole object by one request, where the store can. */
export function fileReader(objects: FileStore): ReadText {
  return async (name) => (await objects.readFrom(name, 0))?.toString('utf8');
}

function parseStatus(text: string | undefined): Status | undefined {
  if (text === undefined) return undefined;
  try {
    return statusSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

import { RUN_ID } from '../config/names.ts';
import { RUNS, runFolder, runIdOfName } from '../model/layout.ts';
import type { ObjectStore } from '../ports/objects.ts';

const DAY_MS = 86_400_000;
/** How far each look goes back. A listing goes forward in time only, so the newest are found by looking at the latest days first. */
const LOOKS_DAYS = [2, 30, 365, Number.POSITIVE_INFINITY];

export interface RunIdQuery {
  /** At most this many. */
  limit: number;
  /** Only runs older than this one. */
  before?: string | undefined;
  now: Date;
}

/** The newest run ids, newest first: a few listings, however many runs there are. */
export async function newestRunIds(
  objects: ObjectStore,
  { limit, before, now }: RunIdQuery,
): Promise<string[]> {
  const found: string[] = [];
  const latest = before ? dateOf(before) : now;
  let endOffset = before && runFolder(before);
  for (const days of LOOKS_DAYS) {
    const startOffset = `${RUNS}${dayBefore(latest, days)}`;
    const range = { prefix: RUNS, startOffset, ...(endOffset && { endOffset }) };
    const folders = await objects.listFolders(range);
    found.push(...folders.toReversed().map((folder) => runIdOfName(folder) ?? ''));
    if (found.length >= limit) break;
    endOffset = startOffset;
  }
  return found.filter((runId) => RUN_ID.test(runId)).slice(0, limit);
}

/** `20261124`; the empty text for the beginning of time. */
function dayBefore(date: Date, days: number): string {
  if (!Number.isFinite(days)) return '';
  return new Date(date.getTime() - days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** The day in a run id; the far future for what has none. */
function dateOf(runId: string): Date {
  const date = new Date(runId.replace(/^(\d{4})(\d{2})(\d{2})-.*$/, '$1-$2-$3T23:59:59Z'));
  return Number.isNaN(date.getTime()) ? new Date('9999-01-01T00:00:00Z') : date;
}

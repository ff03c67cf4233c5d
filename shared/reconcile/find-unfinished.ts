import { finalName, notifiedName, notifyingName, RUNS, runIdOfName } from '../model/layout.ts';
import type { ObjectStore } from '../ports/objects.ts';

/** Pub/Sub keeps a message for seven days; what is older is found by the daily sweep. */
const LOOK_BACK_DAYS = 8;

/**
 * Recent runs, or with `all` those of any age, that are accepted but not finished, or finished but not told, or whose closing message did not get through. Run ids
 * sort by time, so one listing finds them.
 */
export async function findUnfinished(objects: ObjectStore, now: Date, all = false): Promise<string[]> {
  const listed = await objects.list({ prefix: RUNS, ...(!all && { startOffset: firstRecent(now) }) });
  const names = new Set(listed.map(({ name }) => name));
  const accepted = [...names].filter((name) => name.endsWith('/spec.json')).map(runIdOfName);
  const isNotified = (runId: string, event: string) => names.has(notifiedName(runId, event));
  return accepted
    .filter((runId) => runId !== undefined)
    .filter(
      (runId) =>
        !names.has(finalName(runId)) ||
        !isNotified(runId, 'finished') ||
        (names.has(notifyingName(runId, 'vm-off')) && !isNotified(runId, 'vm-off')),
    );
}

function firstRecent(now: Date): string {
  const since = new Date(now.getTime() - LOOK_BACK_DAYS * 86_400_000);
  return `${RUNS}${since.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

import { finalName, notifiedName, notifyingName, RUNS, runIdOfName } from '../model/layout.ts';
import type { ObjectStore } from '../ports/objects.ts';

/** Older runs are settled, or have been given up by a person: Pub/Sub keeps a message for seven days. */
const LOOK_BACK_DAYS = 8;

/**
 * Recent runs that are accepted but not finished, or finished but not told, or whose closing message did not get through. Run ids
 * sort by time, so one listing finds them.
 */
export async function findUnfinished(objects: ObjectStore, now: Date): Promise<string[]> {
  const names = new Set(await recentNames(objects, now));
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

async function recentNames(objects: ObjectStore, now: Date): Promise<string[]> {
  const since = new Date(now.getTime() - LOOK_BACK_DAYS * 86_400_000);
  const day = since.toISOString().slice(0, 10).replaceAll('-', '');
  const listed = await objects.list({ prefix: RUNS, startOffset: `${RUNS}${day}` });
  return listed.map((object) => object.name);
}

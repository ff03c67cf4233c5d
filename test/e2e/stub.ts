import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Activity } from '../../local/activity.ts';
import type { LocalCloud } from '../../sandbox/local-cloud.ts';

const SCRIPT = join(import.meta.dirname, 'stub-startup.sh');

/** For `startSystem`: a startup script that keeps to the protocol and works for so many seconds. */
export function stubStartup(seconds = 0): (executionsFile: string) => string {
  const script = readFileSync(SCRIPT, 'utf8').replace('@SECONDS@', String(seconds));
  return (executionsFile) => script.replace('@EXECUTIONS@', executionsFile);
}

/** Cloud time in milliseconds that an instance is in a passing status. */
const PASSING: Record<string, number> = { PROVISIONING: 200, STAGING: 300, STOPPING: 200 };
/** Of the functions' subscriptions: their retry policy. */
const FIRST_BACKOFF_MS = 10_000;
export const MAX_BACKOFF_MS = 600_000;

/** Moves cloud time on wherever an instance would only pass from one status to the next. */
export function skipBoots(cloud: LocalCloud): void {
  skip(cloud, (activity) => (activity.kind === 'instance' ? (PASSING[activity.status] ?? 0) : 0));
}

/** Moves cloud time on wherever a refused message would only wait for its next delivery, as long as `isWanted`. */
export function skipBackoffs(cloud: LocalCloud, isWanted = () => true): void {
  skip(cloud, (activity) => {
    if (activity.kind !== 'delivery' || activity.event.kind !== 'nacked' || !isWanted()) return 0;
    return Math.min(FIRST_BACKOFF_MS * 2 ** (activity.event.attempt - 1), MAX_BACKOFF_MS);
  });
}

/** `waitAfter`: cloud time in milliseconds that passes after the activity without anything happening. */
function skip(cloud: LocalCloud, waitAfter: (activity: Activity) => number): void {
  cloud.onActivity((activity) => {
    const wait = waitAfter(activity);
    // Not at once: the wait begins when this listener has returned.
    if (wait > 0) setTimeout(() => cloud.clock.advance(wait));
  });
}

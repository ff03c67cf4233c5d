import { invalid, notImplemented } from '../../http/api-error.ts';

/** https://cloud.google.com/storage/docs/json_api/v1/buckets#lifecycle; ages in days, dates `YYYY-MM-DD`. */
export interface LifecycleCondition {
  age?: number;
  createdBefore?: string;
  customTimeBefore?: string;
  daysSinceCustomTime?: number;
  isLive?: boolean;
  matchesPrefix?: string[];
  matchesSuffix?: string[];
  matchesStorageClass?: string[];
}

export interface LifecycleRule {
  action: { type: string };
  condition: LifecycleCondition;
}

export interface Lifecycle {
  rule?: LifecycleRule[];
}

/** What a condition is held against. Times are RFC 3339. */
export interface Aging {
  name: string;
  timeCreated: string;
  storageClass: string;
  customTime?: string;
}

const DAY_MS = 86_400_000;

/** Each condition by its name: does an object fulfil it at a moment (milliseconds since 1970)? */
const CONDITIONS: { [K in keyof Required<LifecycleCondition>]: Test<Required<LifecycleCondition>[K]> } = {
  age: (days, object, now) => now >= Date.parse(object.timeCreated) + days * DAY_MS,
  createdBefore: (date, object) => Date.parse(object.timeCreated) < Date.parse(date),
  customTimeBefore: (date, { customTime }) =>
    customTime !== undefined && Date.parse(customTime) < Date.parse(date),
  daysSinceCustomTime: (days, { customTime }, now) =>
    customTime !== undefined && now >= Date.parse(customTime) + days * DAY_MS,
  isLive: (isLive) => isLive,
  matchesPrefix: (prefixes, { name }) => prefixes.some((prefix) => name.startsWith(prefix)),
  matchesSuffix: (suffixes, { name }) => suffixes.some((suffix) => name.endsWith(suffix)),
  matchesStorageClass: (classes, { storageClass }) => classes.includes(storageClass),
};
type Test<V> = (value: V, object: Aging, now: number) => boolean;

/** Whether a rule deletes the object at `now`: every one of its conditions holds. */
export function isExpired(lifecycle: Lifecycle | undefined, object: Aging, now: Date): boolean {
  return (lifecycle?.rule ?? []).some(({ condition }) =>
    Object.entries(condition).every(([name, value]) =>
      (CONDITIONS[name as keyof LifecycleCondition] as Test<unknown>)(value, object, now.getTime()),
    ),
  );
}

/** Throws 400 for a rule without a condition, 501 for an action or a condition that is not evaluated here. */
export function requireLifecycle(lifecycle: Lifecycle | null | undefined): void {
  for (const { action, condition } of lifecycle?.rule ?? []) {
    if (action?.type !== 'Delete') throw notImplemented(`the lifecycle action ${action?.type}`);
    const names = Object.keys(condition ?? {});
    if (names.length === 0) throw invalid('A lifecycle rule needs at least one condition.');
    const unknown = names.find((name) => !Object.hasOwn(CONDITIONS, name));
    if (unknown) throw notImplemented(`the lifecycle condition ${unknown}`);
  }
}

import type { BucketMetadata } from '@google-cloud/storage';
import type { LifecycleRule } from '../table/resource.ts';

/** A rule as Cloud Storage has it (https://cloud.google.com/storage/docs/json_api/v1/buckets#lifecycle). */
export type StoredRule = NonNullable<NonNullable<BucketMetadata['lifecycle']>['rule']>[number];

/** The folders whose superseded objects the system deletes. */
const OWN_FOLDERS = ['src/', 'inputs/', 'state/'];
const OWN_CONDITIONS = ['daysSinceCustomTime', 'matchesPrefix'];

/**
 * Separates the system's rules from those of the bucket's owner. A rule has no name: it is the system's if it deletes by the custom
 * time alone, and only in the system's folders. So a rule of an earlier version, with other days or fewer folders, is recognized.
 */
export function splitLifecycle(rules: StoredRule[]): { own: LifecycleRule[]; others: StoredRule[] } {
  return {
    own: rules.filter(isOwn).map(({ condition: { matchesPrefix = [], daysSinceCustomTime = 0 } }) => ({
      prefixes: matchesPrefix,
      daysSinceCustomTime,
    })),
    others: rules.filter((rule) => !isOwn(rule)),
  };
}

/** The other rules of a bucket in their order, then the system's. */
export function mergedLifecycle(existing: StoredRule[], own: LifecycleRule[]): StoredRule[] {
  return [...splitLifecycle(existing).others, ...own.map(storedRule)];
}

export function storedRule({ prefixes, daysSinceCustomTime }: LifecycleRule): StoredRule {
  return { action: { type: 'Delete' }, condition: { daysSinceCustomTime, matchesPrefix: prefixes } };
}

function isOwn({ action, condition }: StoredRule): boolean {
  const { matchesPrefix = [] } = condition;
  return (
    action.type === 'Delete' &&
    Object.keys(condition).toSorted().join() === OWN_CONDITIONS.join() &&
    matchesPrefix.length > 0 &&
    matchesPrefix.every((prefix) => OWN_FOLDERS.includes(prefix))
  );
}

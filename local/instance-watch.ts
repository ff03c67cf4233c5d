import type { Activity } from './activity.ts';
import type { InstanceStore } from './compute/instance-store.ts';

/** Tells of each change of an instance's status. */
export function watchInstances(store: InstanceStore, emit: (activity: Activity) => void): void {
  const known = new Map(store.list().map(({ id, status }) => [id, status as string]));
  store.onChange(() => {
    for (const { id, name, status } of store.list()) {
      const before = known.get(id) ?? 'NEW';
      known.set(id, status);
      if (before !== status) emit({ kind: 'instance', name, status, before });
    }
  });
}

import type { Cloud } from '../../../local/cloud.ts';

/** A run's second heartbeat, which replaces the first, comes after a second instead of a minute. */
export function beatFaster({ onActivity, compute, config }: Cloud): void {
  onActivity((activity) => {
    if (activity.kind !== 'instance' || activity.status !== 'PROVISIONING') return;
    const { metadata } = compute.store.get(config.zone, config.instance);
    const spec = metadata.find(({ key }) => key === 'RUN_SPEC');
    if (spec) spec.value = spec.value.replace('"heartbeatSeconds":60', '"heartbeatSeconds":1');
  });
}

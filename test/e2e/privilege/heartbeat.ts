import type { LocalCloud } from '../../../sandbox/local-cloud.ts';

/** Second heartbeats and checkpoints, which replace the first ones, come after seconds instead of minutes. */
export function beatFaster({ onActivity, compute, config }: LocalCloud): void {
  onActivity((activity) => {
    if (activity.kind !== 'instance' || activity.status !== 'PROVISIONING') return;
    const { metadata } = compute.store.get(config.zone, config.instance);
    const spec = metadata.find(({ key }) => key === 'RUN_SPEC');
    if (!spec) return;
    spec.value = spec.value
      .replace('"heartbeatSeconds":60', '"heartbeatSeconds":1')
      .replace('"checkpointSeconds":900', '"checkpointSeconds":4');
  });
}

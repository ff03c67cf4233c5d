import type { AdminCloud } from './admin-cloud.ts';

/** The state of the whole cloud at a glance. */
export function summary(cloud: AdminCloud, project: string): object {
  const { clock, faults, storage, compute, functions, slack } = cloud;
  return {
    project,
    buckets: [...storage.store.catalog.bucketsFrom('')].map(({ name }) => name),
    now: clock.now().toISOString(),
    instances: compute.store.list().map(({ name, zone, status, machineType, labels, preempted }) => ({
      name,
      zone,
      status,
      machineType,
      labels,
      preempted,
    })),
    functions: functions.states(),
    slackMessages: slack.messages().length,
    faults: faults.list(),
  };
}

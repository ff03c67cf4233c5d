import type { AdminCloud } from './admin-cloud.ts';

/** What is going on in the local cloud, at a glance. */
export function summary({ config, clock, faults, compute, functions, slack }: AdminCloud): object {
  return {
    project: config.project,
    zone: config.zone,
    bucket: config.bucket,
    now: clock.now().toISOString(),
    instances: compute.store.list().map(({ name, zone, status, machineType, labels, preempted }) => ({
      name,
      zone,
      status,
      machineType: machineType,
      labels,
      preempted,
    })),
    functions: functions.states(),
    slackMessages: slack.messages().length,
    faults: faults.list(),
  };
}

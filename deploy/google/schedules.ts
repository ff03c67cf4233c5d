import { CloudSchedulerClient, type protos } from '@google-cloud/scheduler';
import { topicName } from '../../shared/model/topics.ts';
import type { Provider } from '../plan/provider.ts';
import type { ScheduleProperties } from '../table/resource.ts';
import { type Connection, restOptions } from './connection.ts';
import { mapErrors } from './map-errors.ts';
import { ignoreNotFound } from './with-deadline.ts';

type Job = protos.google.cloud.scheduler.v1.IJob;

export function schedulerClient(connection: Connection): CloudSchedulerClient {
  return new CloudSchedulerClient(restOptions(connection, 'SCHEDULER'));
}

export function jobName({ project, region }: Connection, id: string): string {
  return `projects/${project}/locations/${region}/jobs/${id}`;
}

/**
 * Cloud Scheduler's jobs (https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs). Whether one is paused
 * is a person's choice, and is left alone.
 */
export function scheduleProvider(connection: Connection): Provider<'schedule'> {
  const client = schedulerClient(connection);
  const { project, region } = connection;
  const parent = `projects/${project}/locations/${region}`;
  const nameOf = (id: string) => jobName(connection, id);
  const bodyOf = (name: string, wanted: ScheduleProperties): Job => ({
    name: nameOf(name),
    schedule: wanted.cron,
    timeZone: wanted.timeZone,
    pubsubTarget: {
      topicName: topicName(project, wanted.topic),
      ...(wanted.data && { data: Buffer.from(wanted.data) }),
      attributes: wanted.attributes,
    },
    retryConfig: { retryCount: wanted.retries },
  });
  return {
    async read({ name }) {
      const found = await ignoreNotFound(`read job ${name}`, () => client.getJob({ name: nameOf(name) }));
      return found && propertiesOf(found[0]);
    },
    async create({ name, properties }) {
      await mapErrors(`create job ${name}`, () =>
        client.createJob({ parent, job: bodyOf(name, properties) }),
      );
    },
    async update({ name, properties }) {
      const updateMask = { paths: ['schedule', 'time_zone', 'pubsub_target', 'retry_config.retry_count'] };
      await mapErrors(`change job ${name}`, () =>
        client.updateJob({ job: bodyOf(name, properties), updateMask }),
      );
    },
    async remove({ name }) {
      await ignoreNotFound(`delete job ${name}`, () => client.deleteJob({ name: nameOf(name) }));
    },
  };
}

function propertiesOf({ schedule, timeZone, pubsubTarget, retryConfig }: Job): ScheduleProperties {
  return {
    cron: schedule ?? '',
    timeZone: timeZone ?? '',
    topic: pubsubTarget?.topicName?.split('/').at(-1) ?? '',
    data: Buffer.from(pubsubTarget?.data ?? '').toString('utf8'),
    attributes: pubsubTarget?.attributes ?? {},
    retries: retryConfig?.retryCount ?? 0,
  };
}

import type { Config } from '../../shared/config/schema.ts';
import { TOPICS } from '../../shared/model/topics.ts';
import { scheduleJobId, scheduleMessage } from '../../shared/schedule/job.ts';
import { idOf, type ResourceOf, type ScheduleProperties } from './resource.ts';

/** A firing that Pub/Sub does not take is published again so often. */
const RETRIES = 3;

/** Cloud Scheduler's jobs: the sweep, the daily round, and each schedule of vicinity.yaml. */
export function schedules(config: Config): ResourceOf<'schedule'>[] {
  return [
    schedule('vicinity-sweep', 'repairs the effects of a crash or a lost message', {
      cron: '*/10 * * * *',
      timeZone: 'Etc/UTC',
      topic: TOPICS.sweep,
      data: '',
      attributes: { schedule: 'vicinity-sweep' },
    }),
    schedule('vicinity-retire', 'marks superseded objects; they are deleted 14 days later', {
      cron: '30 4 * * *',
      timeZone: 'Etc/UTC',
      topic: TOPICS.sweep,
      data: '',
      attributes: { schedule: 'vicinity-retire', action: 'retire' },
    }),
    ...Object.entries(config.schedules).map(([name, wanted]) =>
      schedule(scheduleJobId(name), `starts the ${name} run`, {
        cron: wanted.cron,
        timeZone: wanted.timeZone,
        topic: TOPICS.run,
        ...scheduleMessage(name, wanted),
      }),
    ),
  ];
}

function schedule(
  name: string,
  why: string,
  properties: Omit<ScheduleProperties, 'retries'>,
): ResourceOf<'schedule'> {
  return {
    kind: 'schedule',
    name,
    properties: { ...properties, retries: RETRIES },
    input: {},
    dependsOn: ['api cloudscheduler.googleapis.com', idOf({ kind: 'topic', name: properties.topic })],
    why,
  };
}

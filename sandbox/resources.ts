import type { InstanceBody } from '../local/compute/instance-body.ts';
import type { FunctionSpec } from '../local/functions/catalogue.ts';
import type { SubscriptionRequest } from '../local/pubsub/resources.ts';
import type { JobRequest } from '../local/scheduler/job.ts';
import { regionOf } from '../shared/config/names.ts';
import type { Config, ScheduleConfig } from '../shared/config/schema.ts';
import { TOPICS, topicName } from '../shared/model/topics.ts';
import { scheduleJobId, scheduleMessage } from '../shared/schedule/job.ts';

/** What `deploy/` makes on Google Cloud, as the local cloud's services take it. */

const SWEEP_SCHEDULE = '*/10 * * * *';
const MAX_DELIVERY_ATTEMPTS = 20;
const MACHINE_TYPE = 'c4d-highcpu-32';
/** A VM's rights are its account's: this one has the name that `deploy/` gives it. */
export const VM_ACCOUNT = 'vicinity-vm';

const subscriptionName = (project: string, name: string) => `projects/${project}/subscriptions/${name}`;

/** The subscription that pushes a function's topic to it, at `hostUrl`. Never expires: a weekly system has long silences. */
export function pushSubscription(
  project: string,
  { name, topic }: FunctionSpec,
  hostUrl: string,
): SubscriptionRequest {
  return {
    name: subscriptionName(project, name),
    topic: topicName(project, topic),
    // The functions framework reads the event's source from this path.
    pushConfig: { pushEndpoint: `${hostUrl}/${name}/${topicName(project, topic)}` },
    ackDeadlineSeconds: 600,
    retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
    deadLetterPolicy: {
      deadLetterTopic: topicName(project, TOPICS.deadLetter),
      maxDeliveryAttempts: MAX_DELIVERY_ATTEMPTS,
    },
    expirationPolicy: {},
  };
}

/** Keeps what could not be handled for a person; without a subscription a topic forgets its messages. */
export function deadLetterSubscription(project: string): SubscriptionRequest {
  return {
    name: subscriptionName(project, TOPICS.deadLetter),
    topic: topicName(project, TOPICS.deadLetter),
    expirationPolicy: {},
  };
}

/** The sweep, and each schedule of vicinity.yaml. */
export function jobs(config: Config): JobRequest[] {
  return [
    job(config, TOPICS.sweep, {
      schedule: SWEEP_SCHEDULE,
      timeZone: 'UTC',
      pubsubTarget: {
        topicName: topicName(config.project, TOPICS.sweep),
        attributes: { schedule: TOPICS.sweep },
      },
    }),
    ...Object.entries(config.schedules).map(([name, schedule]) => scheduleJob(config, name, schedule)),
  ];
}

function scheduleJob(config: Config, name: string, schedule: ScheduleConfig): JobRequest {
  const { data, attributes } = scheduleMessage(name, schedule);
  return job(config, scheduleJobId(name), {
    schedule: schedule.cron,
    timeZone: schedule.timeZone,
    pubsubTarget: {
      topicName: topicName(config.project, TOPICS.run),
      data: Buffer.from(data).toString('base64'),
      attributes,
    },
  });
}

function job(config: Config, id: string, request: Omit<JobRequest, 'name'>): JobRequest {
  const name = `projects/${config.project}/locations/${regionOf(config)}/jobs/${id}`;
  return { name, ...request, retryConfig: { retryCount: 3 } };
}

/** The stopped VM. */
export function batchInstance({ project, zone, instance }: Config): InstanceBody {
  return {
    name: instance,
    machineType: `zones/${zone}/machineTypes/${MACHINE_TYPE}`,
    labels: { 'managed-by': 'vicinity' },
    disks: [{ initializeParams: { diskSizeGb: 200 } }],
    serviceAccounts: [
      {
        email: `${VM_ACCOUNT}@${project}.iam.gserviceaccount.com`,
        scopes: ['https://www.googleapis.com/auth/cloud-platform'],
      },
    ],
  };
}

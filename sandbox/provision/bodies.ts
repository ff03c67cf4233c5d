import type { ResourceOf } from '../../deploy/table/resource.ts';
import type { InstanceBody } from '../../local/compute/instance-body.ts';
import type { Endpoints } from '../../local/endpoints.ts';
import type { SubscriptionRequest } from '../../local/pubsub/resources.ts';
import type { JobRequest } from '../../local/scheduler/job.ts';
import type { BucketAttributes } from '../../local/storage/checks/attributes.ts';
import { regionOf } from '../../shared/config/names.ts';
import type { Config } from '../../shared/config/schema.ts';
import { topicName } from '../../shared/model/topics.ts';

/** The resources of the table as the emulator's services take them. */

export function bucketBody({ properties, input }: ResourceOf<'bucket'>): BucketAttributes {
  const { uniformAccess, publicAccessPrevention, softDeleteDays, lifecycle, labels } = properties;
  return {
    location: input.location,
    iamConfiguration: { uniformBucketLevelAccess: { enabled: uniformAccess }, publicAccessPrevention },
    softDeletePolicy: { retentionDurationSeconds: String(softDeleteDays * 86_400) },
    lifecycle: {
      rule: lifecycle.map(({ prefixes, daysSinceCustomTime }) => ({
        action: { type: 'Delete' },
        condition: { daysSinceCustomTime, matchesPrefix: prefixes },
      })),
    },
    labels,
  };
}

export function subscriptionBody(
  { name, properties }: ResourceOf<'subscription'>,
  { project }: Config,
  endpoints: Endpoints,
): SubscriptionRequest {
  const { topic, ackDeadlineSeconds, retentionSeconds, retry, deadLetter, push } = properties;
  const url = `${endpoints.functions}/${push?.function}`;
  return {
    name: `projects/${project}/subscriptions/${name}`,
    topic: topicName(project, topic),
    ackDeadlineSeconds,
    messageRetentionDuration: `${retentionSeconds}s`,
    expirationPolicy: {},
    ...(retry && {
      retryPolicy: { minimumBackoff: `${retry.minimum}s`, maximumBackoff: `${retry.maximum}s` },
    }),
    ...(deadLetter && {
      deadLetterPolicy: {
        deadLetterTopic: topicName(project, deadLetter.topic),
        maxDeliveryAttempts: deadLetter.attempts,
      },
    }),
    ...(push && {
      pushConfig: {
        // The functions framework derives the event's source from this path.
        pushEndpoint: `${url}/${topicName(project, topic)}`,
        oidcToken: { serviceAccountEmail: push.account, audience: url },
      },
    }),
  };
}

export function jobBody(
  { name, properties }: ResourceOf<'schedule'>,
  config: Config,
): JobRequest & { name: string } {
  const { cron, timeZone, topic, data, attributes, retries } = properties;
  return {
    name: `projects/${config.project}/locations/${regionOf(config)}/jobs/${name}`,
    schedule: cron,
    timeZone,
    pubsubTarget: {
      topicName: topicName(config.project, topic),
      ...(data && { data: Buffer.from(data).toString('base64') }),
      attributes,
    },
    retryConfig: { retryCount: retries },
  };
}

/** The stopped VM. */
export function instanceBody(
  { name, properties, input }: ResourceOf<'instance'>,
  config: Config,
): InstanceBody {
  const { project } = config;
  return {
    name,
    machineType: `zones/${input.zone}/machineTypes/${input.machineType}`,
    labels: properties.labels,
    scheduling: {
      automaticRestart: properties.automaticRestart,
      maxRunDuration: { seconds: String(input.runLimitSeconds) },
      instanceTerminationAction: 'STOP',
    },
    serviceAccounts: [{ email: properties.account, scopes: properties.scopes }],
    disks: [
      {
        boot: true,
        autoDelete: true,
        initializeParams: {
          sourceImage: input.image,
          diskSizeGb: String(input.diskGb),
          diskType: `projects/${project}/zones/${input.zone}/diskTypes/${input.diskType}`,
        },
      },
    ],
    networkInterfaces: [
      { subnetwork: `projects/${project}/regions/${regionOf(config)}/subnetworks/default` },
    ],
  };
}

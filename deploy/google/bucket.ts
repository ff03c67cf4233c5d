import type { BucketMetadata, CreateBucketRequest } from '@google-cloud/storage';
import { storageClient } from '../../shared/google/storage-client.ts';
import type { Provider } from '../plan/provider.ts';
import type { BucketProperties, LifecycleRule } from '../table/resource.ts';
import type { Connection } from './connection.ts';
import { mapErrors } from './map-errors.ts';
import { ignoreNotFound } from './with-deadline.ts';

const DAY_SECONDS = 86_400;
/** As many results as there may be. */
const EMPTYING_MS = 3_600_000;

/** The bucket (https://cloud.google.com/storage/docs/json_api/v1/buckets). One that exists keeps its location. */
export function bucketProvider({ project }: Connection): Provider<'bucket'> {
  const storage = storageClient(project);
  return {
    async read({ name }) {
      const found = await ignoreNotFound(`read gs://${name}`, () => storage.bucket(name).getMetadata());
      return found && propertiesOf(found[0]);
    },
    async create({ name, properties, input }) {
      await mapErrors(`create gs://${name}`, () =>
        storage.createBucket(name, {
          ...metadataOf(properties),
          location: input.location,
        } as CreateBucketRequest),
      );
    },
    async update({ name, properties }) {
      await mapErrors(`change gs://${name}`, () => storage.bucket(name).setMetadata(metadataOf(properties)));
    },
    /** With everything in it. */
    async remove({ name }) {
      const bucket = storage.bucket(name);
      await ignoreNotFound(`empty gs://${name}`, () => bucket.deleteFiles({ force: true }), EMPTYING_MS);
      await ignoreNotFound(`delete gs://${name}`, () => bucket.delete());
    },
  };
}

function metadataOf(properties: BucketProperties): BucketMetadata {
  const { uniformAccess, publicAccessPrevention, softDeleteDays, lifecycle, labels } = properties;
  return {
    iamConfiguration: { uniformBucketLevelAccess: { enabled: uniformAccess }, publicAccessPrevention },
    softDeletePolicy: { retentionDurationSeconds: softDeleteDays * DAY_SECONDS },
    lifecycle: {
      rule: lifecycle.map(({ prefixes, daysSinceCustomTime }) => ({
        action: { type: 'Delete' },
        condition: { daysSinceCustomTime, matchesPrefix: prefixes },
      })),
    },
    labels,
  };
}

function propertiesOf({
  iamConfiguration,
  softDeletePolicy,
  lifecycle,
  labels,
}: BucketMetadata): BucketProperties {
  return {
    uniformAccess: iamConfiguration?.uniformBucketLevelAccess?.enabled ?? false,
    publicAccessPrevention: iamConfiguration?.publicAccessPrevention ?? 'inherited',
    softDeleteDays: Number(softDeletePolicy?.retentionDurationSeconds ?? 0) / DAY_SECONDS,
    lifecycle: (lifecycle?.rule ?? []).map(({ condition }) => ruleOf(condition)),
    labels: Object.fromEntries(Object.entries(labels ?? {}).map(([key, value]) => [key, value ?? ''])),
  };
}

/** A rule of other conditions is shown by what it shares with ours: that is enough to see that it differs. */
function ruleOf(condition: object): LifecycleRule {
  const {
    daysSinceCustomTime = 0,
    matchesPrefix = [],
    ...others
  } = condition as {
    daysSinceCustomTime?: number;
    matchesPrefix?: string[];
  };
  return { prefixes: matchesPrefix, daysSinceCustomTime, ...others };
}

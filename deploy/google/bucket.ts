import type { BucketMetadata, CreateBucketRequest } from '@google-cloud/storage';
import { TransientError } from '../../shared/errors.ts';
import { storageClient } from '../../shared/google/storage-client.ts';
import { mergedLifecycle, type StoredRule, splitLifecycle } from '../plan/lifecycle.ts';
import type { Provider } from '../plan/provider.ts';
import type { BucketProperties, Json, LifecycleRule } from '../table/resource.ts';
import type { Connection } from './connection.ts';
import { mapErrors } from './map-errors.ts';
import { ignoreNotFound } from './with-deadline.ts';

const DAY_SECONDS = 86_400;
/** A bucket can hold millions of results. */
const EMPTYING_MS = 3_600_000;

/**
 * The bucket (https://cloud.google.com/storage/docs/json_api/v1/buckets). An existing bucket keeps its location, its objects and the
 * lifecycle rules and labels of its owner.
 */
export function bucketProvider({ project }: Connection): Provider<'bucket'> {
  const storage = storageClient(project);
  return {
    async read({ name }) {
      const found = await find(name);
      return found && propertiesOf(found);
    },
    async create({ name, properties, input }) {
      await mapErrors(`create gs://${name}`, () =>
        storage.createBucket(name, {
          ...metadataOf(properties, []),
          location: input.location,
        } as CreateBucketRequest),
      );
    },
    async update({ name, properties }) {
      const bucket = await find(name);
      if (!bucket) throw new TransientError(`The bucket ${name} was deleted in the meantime.`);
      await change(bucket, metadataOf(properties, bucket.lifecycle?.rule ?? []));
    },
    /** Deletes the bucket and every object in it. */
    async remove({ name }) {
      const bucket = storage.bucket(name);
      await ignoreNotFound(`empty gs://${name}`, () => bucket.deleteFiles({ force: true }), EMPTYING_MS);
      await ignoreNotFound(`delete gs://${name}`, () => bucket.delete());
    },
    async release({ name, properties }) {
      const bucket = await find(name);
      if (!bucket) return;
      const labels = Object.fromEntries(Object.keys(properties.labels).map((key) => [key, null]));
      await change(bucket, { lifecycle: lifecycleOf(bucket.lifecycle?.rule ?? [], []), labels });
    },
  };

  async function find(name: string): Promise<BucketMetadata | undefined> {
    const found = await ignoreNotFound(`read gs://${name}`, () => storage.bucket(name).getMetadata());
    return found?.[0];
  }

  /** Fails with 412 if somebody has changed the bucket since it was read: their lifecycle rules would be lost. */
  async function change({ name = '', metageneration }: BucketMetadata, metadata: BucketMetadata) {
    const options = metageneration === undefined ? {} : { ifMetagenerationMatch: metageneration };
    await mapErrors(`change gs://${name}`, () => storage.bucket(name).setMetadata(metadata, options));
  }
}

function metadataOf(properties: BucketProperties, existingRules: StoredRule[]): BucketMetadata {
  const { uniformAccess, publicAccessPrevention, softDeleteDays, lifecycle, labels } = properties;
  return {
    iamConfiguration: { uniformBucketLevelAccess: { enabled: uniformAccess }, publicAccessPrevention },
    softDeletePolicy: { retentionDurationSeconds: softDeleteDays * DAY_SECONDS },
    lifecycle: lifecycleOf(existingRules, lifecycle),
    labels,
  };
}

/** Null removes the lifecycle configuration. */
function lifecycleOf(existing: StoredRule[], own: LifecycleRule[]): { rule: StoredRule[] } | null {
  const rule = mergedLifecycle(existing, own);
  return rule.length > 0 ? { rule } : null;
}

function propertiesOf({
  iamConfiguration,
  softDeletePolicy,
  lifecycle,
  labels,
}: BucketMetadata): BucketProperties {
  const { own, others } = splitLifecycle(lifecycle?.rule ?? []);
  return {
    uniformAccess: iamConfiguration?.uniformBucketLevelAccess?.enabled ?? false,
    publicAccessPrevention: iamConfiguration?.publicAccessPrevention ?? 'inherited',
    softDeleteDays: Number(softDeletePolicy?.retentionDurationSeconds ?? 0) / DAY_SECONDS,
    lifecycle: own,
    otherLifecycle: others as unknown as Json[],
    labels: Object.fromEntries(Object.entries(labels ?? {}).map(([key, value]) => [key, value ?? ''])),
  };
}

import type { Clock } from '../../core/clock.ts';
import { conflict, notFound } from '../../http/api-error.ts';
import type { BucketAttributes } from '../checks/attributes.ts';
import { requireBucketName } from '../checks/names.ts';
import { type Preconditions, requirePreconditions } from '../checks/preconditions.ts';
import type { Catalog } from './catalog.ts';
import type { BucketRecord } from './records.ts';

const DEFAULTS = {
  location: 'US',
  storageClass: 'STANDARD',
  iamConfiguration: {
    uniformBucketLevelAccess: { enabled: true },
    publicAccessPrevention: 'inherited',
  },
};

/** The buckets of the local cloud. */
export class Buckets {
  readonly #catalog: Catalog;
  readonly #clock: Clock;

  constructor(catalog: Catalog, clock: Clock) {
    this.#catalog = catalog;
    this.#clock = clock;
  }

  /** Throws 404. */
  get(name: string): BucketRecord {
    const bucket = this.#catalog.bucket(name);
    if (!bucket) throw notFound(`The specified bucket does not exist: ${name}.`);
    return bucket;
  }

  insert(name: string | undefined, project: string, attributes: BucketAttributes): BucketRecord {
    const valid = requireBucketName(name);
    if (this.#catalog.bucket(valid)) {
      throw conflict('Your previous request to create the named bucket succeeded and you already own it.');
    }
    const now = this.#clock.now().toISOString();
    const location = (attributes.location ?? DEFAULTS.location).toUpperCase();
    const locationType = /\d$/.test(location) ? 'region' : 'multi-region';
    const bucket: BucketRecord = {
      ...{ name: valid, project, metageneration: 1, timeCreated: now, updated: now },
      attributes: { ...DEFAULTS, ...attributes, location, locationType },
    };
    this.#catalog.putBucket(bucket);
    return bucket;
  }

  /** Gives a bucket other attributes: a new metageneration. Throws 412. */
  update(
    name: string,
    conditions: Preconditions,
    change: (bucket: BucketRecord) => Pick<BucketRecord, 'attributes'>,
  ): BucketRecord {
    const before = this.get(name);
    requirePreconditions(conditions, before);
    const updated = this.#clock.now().toISOString();
    const bucket = { ...before, ...change(before), updated, metageneration: before.metageneration + 1 };
    this.#catalog.putBucket(bucket);
    return bucket;
  }

  /** Throws 409 while there are objects in it. */
  remove(name: string, conditions: Preconditions): void {
    requirePreconditions(conditions, this.get(name));
    for (const _ of this.#catalog.objectsFrom(name, '')) {
      throw conflict('The bucket you tried to delete is not empty.');
    }
    this.#catalog.deleteBucket(name);
  }
}

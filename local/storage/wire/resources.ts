import { PROJECT_NUMBER } from '../../core/project.ts';
import type { Call } from '../../http/call.ts';
import type { BucketRecord, ObjectRecord } from '../state/records.ts';

/** The resource of https://cloud.google.com/storage/docs/json_api/v1/objects#resource; integers of 64 bits are strings. */
export function objectResource(call: Call, object: ObjectRecord): object {
  const { bucket, name, generation, metageneration, size, attributes, ...rest } = object;
  const path = `${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`;
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${origin(call)}/storage/v1/b/${path}`,
    mediaLink: `${origin(call)}/download/storage/v1/b/${path}?generation=${generation}&alt=media`,
    ...attributes,
    ...{ name, bucket, generation, metageneration: String(metageneration), size: String(size) },
    ...rest,
    timeFinalized: object.timeCreated,
    timeStorageClassUpdated: object.timeCreated,
    etag: etag(object),
  };
}

/** The resource of https://cloud.google.com/storage/docs/json_api/v1/buckets#resource. */
export function bucketResource(call: Call, bucket: BucketRecord): object {
  const { name, metageneration, timeCreated, updated, attributes } = bucket;
  return {
    kind: 'storage#bucket',
    id: name,
    selfLink: `${origin(call)}/storage/v1/b/${name}`,
    projectNumber: PROJECT_NUMBER,
    ...attributes,
    ...{ name, metageneration: String(metageneration), timeCreated, updated },
    etag: Buffer.from(String(metageneration)).toString('base64'),
  };
}

export function etag({ generation, metageneration }: ObjectRecord): string {
  return Buffer.from(`${generation}/${metageneration}`).toString('base64');
}

/** Where the client reached us, for links that it can follow. */
export function origin(call: Call): string {
  return `http://${call.header('host') ?? '127.0.0.1'}`;
}

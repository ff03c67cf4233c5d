import { invalid, notImplemented } from '../../http/api-error.ts';
import { type Lifecycle, requireLifecycle } from './lifecycle.ts';

/** What a client may set on an object. */
export interface ObjectAttributes {
  contentType?: string;
  contentEncoding?: string;
  contentDisposition?: string;
  contentLanguage?: string;
  cacheControl?: string;
  customTime?: string;
  storageClass?: string;
  /** The user's own keys. */
  metadata?: Record<string, string>;
}

/** What a client may set on a bucket; what is not named here is kept and returned, and changes nothing. */
export interface BucketAttributes {
  lifecycle?: Lifecycle;
  labels?: Record<string, string>;
  location?: string | undefined;
  storageClass?: string | undefined;
  [other: string]: unknown;
}

const OBJECT_KEYS = [
  'contentType',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
  'cacheControl',
  'customTime',
  'storageClass',
  'metadata',
];

/** What the server itself fills in on a bucket. */
const BUCKET_READ_ONLY = [
  'kind',
  'id',
  'name',
  'selfLink',
  'etag',
  'projectNumber',
  'metageneration',
  'timeCreated',
  'updated',
];

/** The settable part of an object resource. Throws 501 for holds and retention, which would have to be enforced. */
export function readObjectAttributes(resource: object): Record<keyof ObjectAttributes, unknown> {
  for (const [key, value] of Object.entries(resource)) {
    if (['temporaryHold', 'eventBasedHold', 'retention'].includes(key) && value) {
      throw notImplemented(`${key} on an object`);
    }
  }
  requireStringMap('metadata', (resource as ObjectAttributes).metadata);
  const settable = Object.entries(resource).filter(([key]) => OBJECT_KEYS.includes(key));
  return Object.fromEntries(settable) as Record<keyof ObjectAttributes, unknown>;
}

/** The settable part of a bucket resource. Throws 501 for what would have to be enforced and is not. */
export function readBucketAttributes(resource: BucketAttributes): BucketAttributes {
  for (const key of ['versioning', 'hierarchicalNamespace', 'autoclass']) {
    if ((resource[key] as { enabled?: boolean } | undefined)?.enabled)
      throw notImplemented(`${key} of buckets`);
  }
  if (resource.retentionPolicy) throw notImplemented('retentionPolicy of buckets');
  requireLifecycle(resource.lifecycle);
  requireStringMap('labels', resource.labels);
  return Object.fromEntries(Object.entries(resource).filter(([key]) => !BUCKET_READ_ONLY.includes(key)));
}

function requireStringMap(name: string, map: object | null | undefined): void {
  for (const [key, value] of Object.entries(map ?? {})) {
    if (value !== null && typeof value !== 'string') throw invalid(`${name}.${key} must be a string.`);
  }
}

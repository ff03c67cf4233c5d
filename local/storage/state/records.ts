import type { BucketAttributes, ObjectAttributes } from '../checks/attributes.ts';
import type { Hashes } from '../checks/digest.ts';
import type { Preconditions } from '../checks/preconditions.ts';

/** Times are RFC 3339 with milliseconds, as `Date.toISOString` writes them. */
export interface BucketRecord {
  name: string;
  project: string;
  metageneration: number;
  timeCreated: string;
  updated: string;
  attributes: BucketAttributes;
}

export interface ObjectRecord {
  bucket: string;
  name: string;
  /** Microseconds since 1970 when it was written; greater than every earlier one. */
  generation: string;
  metageneration: number;
  size: number;
  crc32c: string;
  /** Absent for a composed object, as at Cloud Storage. */
  md5Hash?: string;
  componentCount?: number;
  timeCreated: string;
  updated: string;
  attributes: ObjectAttributes;
}

/** Where an upload is going, as it was asked for at its start. */
export interface UploadTarget {
  bucket: string;
  name: string;
  attributes: ObjectAttributes;
  preconditions: Preconditions;
  claims: Partial<Hashes>[];
}

/** A resumable upload. How much has come is the size of its file. */
export interface SessionRecord extends UploadTarget {
  id: string;
  timeCreated: string;
  /** What it became; the session goes on answering with it. */
  finished?: ObjectRecord;
}

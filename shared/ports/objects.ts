import type { Readable } from 'node:stream';

/** What the store knows of an object without its content. */
export interface ObjectInfo {
  name: string;
  bytes: number;
  /** Base64, big-endian, as Cloud Storage reports it. */
  crc32c: string;
  generation: string;
  updatedAt: string;
  /** When it was marked as superseded; absent: it stays. */
  retiredAt?: string;
}

export interface StoredText {
  text: string;
  generation: string;
}

export interface ListOptions {
  prefix: string;
  /** Only names at or after this one, in byte order. */
  startOffset?: string;
  /** Only names before this one. */
  endOffset?: string;
  /** At most this many. */
  limit?: number;
}

/**
 * The bucket, as the control plane uses it. Names are object names without the bucket.
 * Every method throws TransientError where a later try may succeed and PermissionError where the account may not.
 */
export interface ObjectStore {
  readonly bucket: string;
  /** The whole object as text, or undefined where there is none. */
  read(name: string): Promise<StoredText | undefined>;
  /** The last `bytes` bytes of an object, or undefined where there is none. */
  readTail(name: string, bytes: number): Promise<string | undefined>;
  /** The object's bytes as a stream. Fails with NotFoundError where there is none. */
  open(name: string): Promise<Readable>;
  /** Creates the object unless it exists. */
  create(name: string, text: string): Promise<'created' | 'exists'>;
  /** Replaces the object only if it is still `generation`. */
  replace(name: string, text: string, generation: string): Promise<'replaced' | 'conflict'>;
  /** Writes the object whatever was there. */
  put(name: string, text: string): Promise<void>;
  /** Marks the object as superseded since `at`, which only moves forward. Nothing where there is no object. */
  retire(name: string, at: Date): Promise<void>;
  stat(name: string): Promise<ObjectInfo | undefined>;
  /** Objects in byte order of their names. */
  list(options: ListOptions): Promise<ObjectInfo[]>;
  /** Distinct "folders" directly below the prefix, such as `runs/20261124-…/`, newest name last. */
  listFolders(options: ListOptions): Promise<string[]>;
}

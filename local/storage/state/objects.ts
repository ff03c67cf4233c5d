import type { Readable } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import { notFound } from '../../http/api-error.ts';
import type { ObjectAttributes } from '../checks/attributes.ts';
import { type Preconditions, requirePreconditions } from '../checks/preconditions.ts';
import type { ByteRange } from '../checks/range.ts';
import type { Buckets } from './buckets.ts';
import type { Catalog } from './catalog.ts';
import type { Content } from './content.ts';
import type { ObjectRecord } from './records.ts';
import { INLINE_BYTES, type Staged, type Stored } from './staged.ts';

/** Which object is written, with what, and under which conditions. */
export interface Destination {
  bucket: string;
  name: string;
  attributes: ObjectAttributes;
  preconditions: Preconditions;
}

export interface InsertOptions {
  /** Of a composed object, which has no MD5. */
  componentCount?: number;
  /** What else is to be recorded, together with the object or not at all. */
  alongside?: (object: ObjectRecord) => void;
}

/** What the content of a new generation is, apart from its bytes. */
type Measured = Pick<ObjectRecord, 'size' | 'crc32c' | 'md5Hash' | 'componentCount'>;

const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/**
 * The live version of every object. Every change checks its conditions and takes effect in one synchronous step and one
 * transaction, so that of two writers with the same condition exactly one succeeds.
 */
export class Objects {
  readonly #catalog: Catalog;
  readonly #content: Content;
  readonly #buckets: Buckets;
  readonly #clock: Clock;

  constructor(catalog: Catalog, content: Content, buckets: Buckets, clock: Clock) {
    this.#catalog = catalog;
    this.#content = content;
    this.#buckets = buckets;
    this.#clock = clock;
  }

  /** The object, or undefined; throws 404 when there is no such bucket. */
  find(bucket: string, name: string): ObjectRecord | undefined {
    const object = this.#catalog.object(bucket, name);
    if (!object) this.#buckets.get(bucket);
    return object;
  }

  /** Throws 404 when there is no such object, or its generation is another than the one asked for. */
  get(bucket: string, name: string, generation?: string): ObjectRecord {
    const object = this.find(bucket, name);
    if (!object || (generation !== undefined && generation !== object.generation)) {
      throw notFound(`No such object: ${bucket}/${name}${generation === undefined ? '' : `#${generation}`}`);
    }
    return object;
  }

  /** The bytes of a live object, or a range of them; they stay readable when it is replaced meanwhile. */
  read(object: ObjectRecord, range: ByteRange = { start: 0, end: object.size }): Buffer | Readable {
    if (object.size > INLINE_BYTES) return this.#content.read(object.generation, range);
    return this.#catalog.bytes(object.bucket, object.name).subarray(range.start, range.end);
  }

  /** Makes staged bytes the object. Throws 412, and then leaves both as they are. */
  insert(to: Destination, staged: Staged, { componentCount, alongside }: InsertOptions = {}): ObjectRecord {
    const { crc32c, md5Hash } = staged.digest.hashes();
    const hashes = componentCount === undefined ? { crc32c, md5Hash } : { crc32c, componentCount };
    const object = this.#write(to, { size: staged.digest.size, ...hashes }, staged.stored(), alongside);
    staged.discard();
    return object;
  }

  /** Makes the bytes of `source` another object. Throws 412. */
  copy(source: ObjectRecord, to: Destination): ObjectRecord {
    const { size, crc32c, md5Hash, componentCount } = source;
    const hashes = { ...(md5Hash && { md5Hash }), ...(componentCount && { componentCount }) };
    const stored =
      size > INLINE_BYTES
        ? { path: this.#content.path(source.generation) }
        : { bytes: this.#catalog.bytes(source.bucket, source.name) };
    return this.#write(to, { size, crc32c, ...hashes }, stored);
  }

  /** Gives an object other attributes: a new metageneration of the same generation. */
  update(object: ObjectRecord, attributes: ObjectAttributes): ObjectRecord {
    const updated = this.#clock.now().toISOString();
    const record = { ...object, attributes, updated, metageneration: object.metageneration + 1 };
    this.#catalog.updateObject(record);
    return record;
  }

  remove(object: ObjectRecord): void {
    this.#catalog.deleteObject(object.bucket, object.name);
    this.#removeFile(object);
  }

  #write(
    to: Destination,
    measured: Measured,
    stored: Stored,
    alongside?: (object: ObjectRecord) => void,
  ): ObjectRecord {
    const before = this.find(to.bucket, to.name);
    requirePreconditions(to.preconditions, before);
    const { bucket, name } = to;
    const { storageClass = 'STANDARD' } = this.#buckets.get(bucket).attributes;
    const attributes = { storageClass, contentType: DEFAULT_CONTENT_TYPE, ...to.attributes };
    const now = this.#clock.now();
    const times = { timeCreated: now.toISOString(), updated: now.toISOString() };
    const record = this.#catalog.atomically(() => {
      const generation = this.#catalog.nextGeneration(now.getTime() * 1000);
      if ('path' in stored) this.#content.link(stored.path, generation);
      const object = { bucket, name, generation, metageneration: 1, ...measured, ...times, attributes };
      this.#catalog.putObject(object, 'bytes' in stored ? stored.bytes : null);
      alongside?.(object);
      return object;
    });
    if (before) this.#removeFile(before);
    return record;
  }

  #removeFile(object: ObjectRecord): void {
    if (object.size > INLINE_BYTES) this.#content.remove(object.generation);
  }
}

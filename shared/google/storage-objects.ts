import type { File, FileMetadata, GetFilesOptions, Storage } from '@google-cloud/storage';
import { type Clock, systemClock } from '../ports/clock.ts';
import type { ListOptions, ObjectInfo, ObjectStore, StoredText } from '../ports/objects.ts';
import { httpStatus } from './errors.ts';
import { readBytes, readStream } from './read-stream.ts';
import { storageClient } from './storage-client.ts';
import { ignoreNotFound, withRetry } from './with-retry.ts';
import { withTimeout } from './with-timeout.ts';

/** The fields of ObjectInfo: a fifth of a full listing (https://cloud.google.com/storage/docs/json_api/v1/objects/list). */
const LISTED_FIELDS = 'items(name,size,crc32c,generation,updated,customTime),nextPageToken';

interface Page {
  items?: FileMetadata[];
  prefixes?: string[];
  nextPageToken?: string;
}

/** The bucket through Cloud Storage's official client. Small objects take one request (`resumable: false`). */
export function storageObjects(
  bucketName: string,
  project: string,
  client: Storage = storageClient(project),
  clock: Clock = systemClock,
): ObjectStore {
  const bucket = client.bucket(bucketName);
  const named = (action: string, name: string) => `${action} gs://${bucketName}/${name}`;
  const backoff = { clock, random: Math.random };

  return {
    bucket: bucketName,

    async read(name) {
      return ignoreNotFound(named('read', name), () => readText(bucket.file(name), clock), backoff);
    },

    async readTail(name, bytes) {
      const read = async () => {
        const file = bucket.file(name);
        const [metadata] = await once(named('read', name), () => file.getMetadata());
        const size = Number(metadata.size);
        if (size === 0) return '';
        const start = Math.max(0, size - bytes);
        const content = await readBytes(file, { start, end: size - 1, validation: false }, clock);
        return content.toString('utf8');
      };
      return ignoreNotFound(named('read', name), read, backoff);
    },

    async open(name) {
      const info = await repeat(named('open', name), () => bucket.file(name).getMetadata());
      return readStream(bucket.file(name, { generation: info[0].generation as string }), {}, clock);
    },

    async create(name, text) {
      return (await save(name, text, 0)) ? 'created' : 'exists';
    },

    async replace(name, text, generation) {
      return (await save(name, text, generation)) ? 'replaced' : 'conflict';
    },

    async put(name, text) {
      await save(name, text);
    },

    /** Sets the custom time, which the bucket's lifecycle rule acts on. */
    async retire(name, at) {
      const metadata = { customTime: at.toISOString() };
      await repeatIfFound(named('mark', name), () => bucket.file(name).setMetadata(metadata));
    },

    async stat(name) {
      const found = await repeatIfFound(named('stat', name), () => bucket.file(name).getMetadata());
      return found && infoOf(found[0]);
    },

    async list(options) {
      return listed(options, { fields: LISTED_FIELDS }, ({ items = [] }) => items.map(infoOf));
    },

    async listFolders(options) {
      return listed(options, { delimiter: '/' }, ({ prefixes = [] }) => prefixes);
    },
  };

  /** One try, with a timeout. */
  function once<T>(subject: string, call: () => Promise<T>): Promise<T> {
    return withTimeout(subject, call, undefined, clock);
  }

  function repeat<T>(subject: string, call: () => Promise<T>): Promise<T> {
    return withRetry(subject, () => once(subject, call), backoff);
  }

  function repeatIfFound<T>(subject: string, call: () => Promise<T>): Promise<T | undefined> {
    return ignoreNotFound(subject, () => once(subject, call), backoff);
  }

  /** Reads page by page and keeps only the requested fields: a run may have 100,000 results. */
  async function listed<T>(
    { limit, ...range }: ListOptions,
    how: GetFilesOptions,
    of: (page: Page) => T[],
  ): Promise<T[]> {
    const found: T[] = [];
    let pageToken: string | undefined;
    do {
      const query = {
        ...range,
        ...how,
        autoPaginate: false,
        ...(limit !== undefined && { maxResults: limit }),
        ...(pageToken !== undefined && { pageToken }),
      };
      const answer = await repeat(named('list', range.prefix), () => bucket.getFiles(query));
      const page = answer[2] as Page;
      found.push(...of(page));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined && (limit === undefined || found.length < limit));
    return found.slice(0, limit);
  }

  /** Returns false if the precondition failed. */
  async function save(name: string, text: string, ifGenerationMatch?: number | string): Promise<boolean> {
    const precondition = ifGenerationMatch === undefined ? {} : { preconditionOpts: { ifGenerationMatch } };
    const contentType = name.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8';
    const options = { resumable: false, contentType, ...precondition };
    try {
      await repeat(named('write', name), () => bucket.file(name).save(text, options));
      return true;
    } catch (error) {
      if (httpStatus((error as Error).cause) === 412) return false;
      throw error;
    }
  }
}

/** Reads an object in one call. The response header holds the generation of its bytes. */
async function readText(file: File, clock: Clock): Promise<StoredText> {
  const stream = readStream(file, {}, clock);
  let generation = '';
  stream.on('response', ({ headers }: { headers: Record<string, string> }) => {
    generation = headers['x-goog-generation'] ?? '';
  });
  const content = Buffer.concat(await stream.toArray());
  return { text: content.toString('utf8'), generation };
}

function infoOf(metadata: FileMetadata): ObjectInfo {
  return {
    name: String(metadata.name),
    bytes: Number(metadata.size),
    crc32c: String(metadata.crc32c),
    generation: String(metadata.generation),
    updatedAt: String(metadata.updated),
    ...(metadata.customTime && { retiredAt: String(metadata.customTime) }),
  };
}

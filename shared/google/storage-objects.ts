import type { File, FileMetadata, GetFilesOptions, Storage } from '@google-cloud/storage';
import type { ListOptions, ObjectInfo, ObjectStore, StoredText } from '../ports/objects.ts';
import { httpStatus } from './errors.ts';
import { ignoreNotFound } from './ignore-not-found.ts';
import { readBytes, readStream } from './read-stream.ts';
import { storageClient } from './storage-client.ts';
import { withRetry } from './with-retry.ts';
import { withTimeout } from './with-timeout.ts';

/** Of an object what ObjectInfo tells, a fifth of what the listing would have (https://cloud.google.com/storage/docs/json_api/v1/objects/list). */
const LISTED_FIELDS = 'items(name,size,crc32c,generation,updated,customTime),nextPageToken';

interface Page {
  items?: FileMetadata[];
  prefixes?: string[];
  nextPageToken?: string;
}

/** The bucket through Cloud Storage's official client. Small objects are sent in one request (`resumable: false`). */
export function storageObjects(
  bucketName: string,
  project: string,
  client: Storage = storageClient(project),
): ObjectStore {
  const bucket = client.bucket(bucketName);
  const named = (action: string, name: string) => `${action} gs://${bucketName}/${name}`;

  return {
    bucket: bucketName,

    async read(name) {
      return ignoreNotFound(named('read', name), () => readText(bucket.file(name)));
    },

    async readTail(name, bytes) {
      const read = async () => {
        const file = bucket.file(name);
        const [metadata] = await withTimeout(named('read', name), () => file.getMetadata());
        const size = Number(metadata.size);
        if (size === 0) return '';
        const start = Math.max(0, size - bytes);
        const content = await readBytes(file, { start, end: size - 1, validation: false });
        return content.toString('utf8');
      };
      return ignoreNotFound(named('read', name), read);
    },

    async open(name) {
      const info = await asked(named('open', name), () => bucket.file(name).getMetadata());
      return readStream(bucket.file(name, { generation: info[0].generation as string }));
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

    /** As its custom time, which the bucket's lifecycle acts on. */
    async retire(name, at) {
      const metadata = { customTime: at.toISOString() };
      await askedIfThere(named('mark', name), () => bucket.file(name).setMetadata(metadata));
    },

    async stat(name) {
      const found = await askedIfThere(named('stat', name), () => bucket.file(name).getMetadata());
      return found && infoOf(found[0]);
    },

    async list(options) {
      return listed(options, { fields: LISTED_FIELDS }, ({ items = [] }) => items.map(infoOf));
    },

    async listFolders(options) {
      return listed(options, { delimiter: '/' }, ({ prefixes = [] }) => prefixes);
    },
  };

  /** Page by page, and of each page what is asked for alone: a run may have 100,000 results. */
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
      const answer = await asked(named('list', range.prefix), () => bucket.getFiles(query));
      const page = answer[2] as Page;
      found.push(...of(page));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined && (limit === undefined || found.length < limit));
    return found.slice(0, limit);
  }

  /** False where the precondition failed. */
  async function save(name: string, text: string, ifGenerationMatch?: number | string): Promise<boolean> {
    const precondition = ifGenerationMatch === undefined ? {} : { preconditionOpts: { ifGenerationMatch } };
    const contentType = name.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8';
    const options = { resumable: false, contentType, ...precondition };
    try {
      await asked(named('write', name), () => bucket.file(name).save(text, options));
      return true;
    } catch (error) {
      if (httpStatus((error as Error).cause) === 412) return false;
      throw error;
    }
  }
}

/** The object as it is, in one call: the answer's header tells the generation that its bytes are of. */
async function readText(file: File): Promise<StoredText> {
  const stream = readStream(file);
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

/** The answer of one request that may be repeated. */
function asked<T>(subject: string, call: () => Promise<T>): Promise<T> {
  return withRetry(subject, () => withTimeout(subject, call));
}

/** The same; undefined where there is no such object. */
function askedIfThere<T>(subject: string, call: () => Promise<T>): Promise<T | undefined> {
  return ignoreNotFound(subject, () => withTimeout(subject, call));
}

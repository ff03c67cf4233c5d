import type { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { ApiError, notImplemented } from '../../http/api-error.ts';
import type { Call, Reply } from '../../http/call.ts';
import { type Route, route } from '../../http/router.ts';
import { failedPrecondition, preconditionFailed, readPreconditions } from '../checks/preconditions.ts';
import { readRange } from '../checks/range.ts';
import type { ObjectRecord } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import { etag } from './resources.ts';

/** What begins a path of the API and so is no bucket. */
const API_PATHS = ['b', 'batch', 'download', 'resumable', 'storage', 'upload'];

/** The download path of the JSON API. */
export function downloadRoutes(store: Store): Route[] {
  return [
    route('GET', '/download/storage/v1/b/:bucket/o/:object', 'storage.objects.get', (call) =>
      download(store, call),
    ),
  ];
}

/** Objects by `/bucket/name`, as public URLs have them; the last of the routes, since it takes any path. */
export function publicRoutes(store: Store): Route[] {
  return [route('GET', '/:bucket/:object(.+)', 'storage.objects.get', get)];

  function get(call: Call): Reply {
    if (API_PATHS.includes(call.param('bucket'))) throw notImplemented(`GET ${call.url.pathname} (storage)`);
    return download(store, call);
  }
}

/** The bytes of an object, or of one range of them. Objects with gzip encoding are unpacked for who cannot do it. */
export function download(store: Store, call: Call): Reply {
  const object = store.objects.get(call.param('bucket'), call.param('object'), call.query('generation'));
  const failure = failedPrecondition(readPreconditions(call.url.searchParams), object);
  if (failure === 'NotMatch') return { status: 304 };
  if (failure === 'Match') throw preconditionFailed();
  const isHead = call.request.method === 'HEAD';
  if (mustUnpack(call, object)) {
    const { 'content-encoding': _, ...headers } = describe(object);
    return isHead ? { headers } : { headers, body: unpack(store.objects.read(object)) };
  }
  const range = readRange(call.header('range'), object.size);
  if (range === 'unsatisfiable') return unsatisfiable(object);
  const { start, end } = range ?? { start: 0, end: object.size };
  const headers = {
    ...describe(object),
    'accept-ranges': 'bytes',
    'content-length': String(end - start),
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${object.size}` }),
  };
  const status = range ? 206 : 200;
  return isHead ? { status, headers } : { status, headers, body: store.objects.read(object, { start, end }) };
}

function mustUnpack(call: Call, { attributes }: ObjectRecord): boolean {
  if (attributes.contentEncoding !== 'gzip' || attributes.cacheControl?.includes('no-transform'))
    return false;
  return !call.header('accept-encoding')?.includes('gzip');
}

function unpack(packed: Buffer | Readable): Buffer | Readable {
  return Buffer.isBuffer(packed) ? gunzipSync(packed) : packed.pipe(createGunzip());
}

function unsatisfiable(object: ObjectRecord): Reply {
  const message = 'Request range not satisfiable';
  const error = new ApiError(416, 'requestedRangeNotSatisfiable', message);
  return { status: 416, headers: { 'content-range': `bytes */${object.size}` }, body: error.body() };
}

/** The headers that say what an object is; `x-goog-hash` is of the whole object, whatever the range. */
function describe(object: ObjectRecord): Record<string, string> {
  const { attributes, md5Hash, componentCount } = object;
  const hashes = [`crc32c=${object.crc32c}`, ...(md5Hash ? [`md5=${md5Hash}`] : [])];
  const own = Object.entries(attributes.metadata ?? {});
  const headers = {
    'content-type': attributes.contentType ?? 'application/octet-stream',
    'content-encoding': attributes.contentEncoding,
    'content-disposition': attributes.contentDisposition,
    'content-language': attributes.contentLanguage,
    'cache-control': attributes.cacheControl,
    etag: etag(object),
    'last-modified': new Date(object.updated).toUTCString(),
    'x-goog-generation': object.generation,
    'x-goog-metageneration': String(object.metageneration),
    'x-goog-hash': hashes.join(','),
    'x-goog-storage-class': attributes.storageClass,
    'x-goog-stored-content-encoding': attributes.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(object.size),
    'x-goog-component-count': componentCount?.toString(),
    ...Object.fromEntries(own.map(([key, value]) => [`x-goog-meta-${key}`, value])),
  };
  const present = Object.entries(headers).filter(
    (header): header is [string, string] => header[1] !== undefined,
  );
  return Object.fromEntries(present.map(([name, value]) => [name, headerText(value)]));
}

/** UTF-8, as Cloud Storage sends it, in the bytes that Node takes for a header; a line break would end it. */
function headerText(text: string): string {
  return Buffer.from(text.replaceAll(/[\r\n]/g, ' ')).toString('latin1');
}

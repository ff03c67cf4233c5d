import { invalid } from '../../http/api-error.ts';

/** https://cloud.google.com/storage/docs/buckets#naming */
const BUCKET_LENGTH = { least: 3, most: 63, mostWithDots: 222 };
const BUCKET_NAME = /^[a-z0-9][-_.a-z0-9]*[a-z0-9]$/;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/** https://cloud.google.com/storage/docs/objects#naming */
const OBJECT_NAME_BYTES = 1024;

/** Throws 400 unless Cloud Storage would take `name` for a bucket. */
export function requireBucketName(name: string | undefined): string {
  if (!name) throw invalid('A bucket needs a name: send {"name": "…"}.');
  const most = name.includes('.') ? BUCKET_LENGTH.mostWithDots : BUCKET_LENGTH.most;
  const fits = name.length >= BUCKET_LENGTH.least && name.length <= most && BUCKET_NAME.test(name);
  const reserved = IP_ADDRESS.test(name) || name.startsWith('goog') || name.includes('google');
  if (!fits || reserved || name.split('.').some((part) => part.length > BUCKET_LENGTH.most)) {
    throw invalid(`Invalid bucket name: '${name}'`);
  }
  return name;
}

/** Throws 400 unless Cloud Storage would take `name` for an object. */
export function requireObjectName(name: string | undefined): string {
  if (!name) throw invalid('An object needs a name: send ?name=… or {"name": "…"}.');
  if (!name.isWellFormed()) throw invalid(`The object name is not valid UTF-8: ${JSON.stringify(name)}`);
  if (Buffer.byteLength(name) > OBJECT_NAME_BYTES) {
    throw invalid(`The object name is longer than ${OBJECT_NAME_BYTES} bytes of UTF-8.`);
  }
  if (
    name === '.' ||
    name === '..' ||
    /[\r\n]/.test(name) ||
    name.startsWith('.well-known/acme-challenge/')
  ) {
    throw invalid(`Invalid object name: ${JSON.stringify(name)}`);
  }
  return name;
}

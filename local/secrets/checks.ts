import { invalid, notImplemented } from '../http/api-error.ts';
import { crc32c } from '../storage/checks/crc32c.ts';

/** What a client may set of a secret. */
export interface SecretSettings {
  replication?: object;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  etag?: string;
}

/** A secret's bytes: base64, and their CRC32C as a decimal number. */
export interface Payload {
  data?: string;
  dataCrc32c?: string;
}

const ID = /^[A-Za-z0-9_-]{1,255}$/;
const MAX_BYTES = 64 * 1024;
const NOT_IMPLEMENTED = [
  'topics',
  'expireTime',
  'ttl',
  'rotation',
  'versionAliases',
  'customerManagedEncryption',
];

export function checkSecret(id: string, settings: SecretSettings): void {
  if (!ID.test(id))
    throw invalid(`secretId is "${id}"; it must have 1 to 255 letters, digits, hyphens or underscores.`);
  const given = Object.entries(settings).filter(([, value]) => Object.keys(value ?? {}).length > 0);
  const unsupported = given.map(([field]) => field).find((field) => NOT_IMPLEMENTED.includes(field));
  if (unsupported) throw notImplemented(`${unsupported} of secrets`);
  const { replication } = settings;
  if (!replication || !('automatic' in replication || 'userManaged' in replication))
    throw invalid('The secret must have a replication: automatic or userManaged.');
}

/** The bytes of a new version, as base64. Throws 400 where they are none, too many, or not those of the checksum. */
export function checkPayload({ data = '', dataCrc32c }: Payload = {}): string {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length === 0) throw invalid('The secret payload must not be empty.');
  if (bytes.length > MAX_BYTES)
    throw invalid(`The secret payload has ${bytes.length} bytes; it may have ${MAX_BYTES}.`);
  if (dataCrc32c !== undefined && Number(dataCrc32c) !== crc32c(bytes))
    throw invalid('The payload is corrupt: its CRC32C is not the one that was sent along.');
  return bytes.toString('base64');
}

export function payloadOf(data: string): Payload {
  return { data, dataCrc32c: String(crc32c(Buffer.from(data, 'base64'))) };
}

import { createHash } from 'node:crypto';
import { invalid } from '../../http/api-error.ts';
import { crc32c, encodeCrc32c } from './crc32c.ts';

/** Both hashes in base64, as Cloud Storage writes them. */
export interface Hashes {
  crc32c: string;
  md5Hash: string;
}

/** Hashes of bytes that arrive in pieces. */
export class Digest {
  #crc = 0;
  readonly #md5 = createHash('md5');
  size = 0;

  update(bytes: Uint8Array): void {
    this.#crc = crc32c(bytes, this.#crc);
    this.#md5.update(bytes);
    this.size += bytes.length;
  }

  /** The hashes so far; more bytes may follow. */
  hashes(): Hashes {
    return { crc32c: encodeCrc32c(this.#crc), md5Hash: this.#md5.copy().digest('base64') };
  }
}

/** What the client says the bytes hash to: in the object's metadata, in `x-goog-hash`, or in `content-md5`. */
export function claimedHashes(
  metadata: Partial<Hashes>,
  googHash: string | undefined,
  contentMd5: string | undefined,
): Partial<Hashes>[] {
  const inHeader = Object.fromEntries(
    (googHash ?? '').split(',').map((item) => {
      const [name = '', ...value] = item.trim().split('=');
      return [name, value.join('=')];
    }),
  );
  return [
    metadata,
    { ...(inHeader.crc32c && { crc32c: inHeader.crc32c }), ...(inHeader.md5 && { md5Hash: inHeader.md5 }) },
    { ...(contentMd5 && { md5Hash: contentMd5 }) },
  ];
}

/** Throws 400 when the bytes that came are not the bytes that the client meant. */
export function requireHashes(claims: Partial<Hashes>[], actual: Hashes): void {
  for (const claimed of claims) {
    if (claimed.md5Hash !== undefined && claimed.md5Hash !== actual.md5Hash) {
      throw mismatch('MD5 hash', claimed.md5Hash, actual.md5Hash);
    }
    if (claimed.crc32c !== undefined && claimed.crc32c !== actual.crc32c) {
      throw mismatch('CRC32C', claimed.crc32c, actual.crc32c);
    }
  }
}

const mismatch = (name: string, claimed: string, actual: string) =>
  invalid(`Provided ${name} "${claimed}" doesn't match calculated ${name} "${actual}".`);

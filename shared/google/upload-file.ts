import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Bucket, CRC32C } from '@google-cloud/storage';
import { InvalidError } from '../errors.ts';
import type { OnBytes } from '../ports/files.ts';
import { domainError, httpStatus } from './errors.ts';

/** From this size on, continuing a broken upload pays; below it, one request is faster. */
const RESUMABLE_BYTES = 8_000_000;

export interface Upload {
  bucket: Bucket;
  name: string;
  file: string;
  onBytes: OnBytes;
  /** The expected SHA-256 of the file, in hexadecimal. */
  sha256: string | undefined;
}

/**
 * Creates the object from a file unless it exists. Throws InvalidError, and creates nothing, if the file does not have the given
 * SHA-256: the server refuses bytes that change while they are sent, by their CRC-32C.
 */
export async function uploadFile(upload: Upload): Promise<'created' | 'exists'> {
  const { bucket, name, file, sha256 } = upload;
  const crc32c = sha256 && (await checksumOf(file, sha256));
  try {
    await send(upload, crc32c);
    return 'created';
  } catch (error) {
    if (httpStatus(error) === 412) return 'exists';
    if (sha256) await checksumOf(file, sha256);
    throw domainError(error, `write gs://${bucket.name}/${name}`);
  }
}

async function send({ bucket, name, file, onBytes }: Upload, crc32c: string | undefined): Promise<void> {
  const { size } = await stat(file);
  const resumable = size >= RESUMABLE_BYTES;
  await bucket.upload(file, {
    destination: name,
    resumable,
    validation: 'crc32c',
    contentType: name.endsWith('.gz') ? 'application/gzip' : 'application/octet-stream',
    preconditionOpts: { ifGenerationMatch: 0 },
    ...(crc32c && { metadata: { crc32c } }),
    ...(resumable && { onUploadProgress: differences(onBytes) }),
  });
  if (!resumable) onBytes(size);
}

/** Returns the CRC-32C of a file and verifies its SHA-256 in the same pass. Throws InvalidError if it differs. */
async function checksumOf(file: string, sha256: string): Promise<string> {
  const hash = createHash('sha256');
  const crc = new CRC32C();
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk as Buffer);
    crc.update(chunk as Buffer);
  }
  if (hash.digest('hex') === sha256) return crc.toString();
  throw new InvalidError([{ field: file, problem: 'changed while it was pushed', remedy: 'Push again.' }]);
}

/** The client reports the bytes so far; our callers get the bytes of each part. */
function differences(onBytes: OnBytes): (event: { bytesWritten: number }) => void {
  let before = 0;
  return ({ bytesWritten }) => {
    onBytes(bytesWritten - before);
    before = bytesWritten;
  };
}

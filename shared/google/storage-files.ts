import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CRC32C } from '@google-cloud/storage';
import { InvalidError, TransientError } from '../errors.ts';
import type { FileStore, OnBytes } from '../ports/files.ts';
import { domainError, httpStatus } from './errors.ts';
import { readBytes, readStream } from './read-stream.ts';
import { storageClient } from './storage-client.ts';
import { storageObjects } from './storage-objects.ts';
import { withRetry } from './with-retry.ts';

/** From this size on a broken upload is worth continuing instead of repeating; below, one request is faster. */
const RESUMABLE_BYTES = 8_000_000;

/** Cloud Storage for files of any size, on top of the objects. */
export function storageFiles(bucketName: string, project: string): FileStore {
  const bucket = storageClient(project).bucket(bucketName);
  const uploads = storageClient(project, { autoRetry: true }).bucket(bucketName);
  const named = (action: string, name: string) => `${action} gs://${bucketName}/${name}`;

  return {
    ...storageObjects(bucketName, project),

    async readFrom(name, offset, most) {
      const range = { start: offset, ...(most !== undefined && { end: offset + most - 1 }) };
      try {
        return await withRetry(named('read', name), () =>
          readBytes(bucket.file(name), { ...range, validation: false }),
        );
      } catch (error) {
        const status = httpStatus((error as Error).cause);
        if (status === 404) return undefined;
        if (status === 416) return Buffer.alloc(0);
        throw error;
      }
    },

    async upload(name, file, onBytes = ignore, sha256) {
      const { size } = await stat(file);
      const resumable = size >= RESUMABLE_BYTES;
      // By its checksum the server refuses what the file becomes while it is sent.
      const crc32c = sha256 && (await checksumOf(file, sha256));
      try {
        await uploads.upload(file, {
          destination: name,
          resumable,
          validation: 'crc32c',
          contentType: name.endsWith('.gz') ? 'application/gzip' : 'application/octet-stream',
          preconditionOpts: { ifGenerationMatch: 0 },
          ...(crc32c && { metadata: { crc32c } }),
          ...(resumable && { onUploadProgress: differences(onBytes) }),
        });
        if (!resumable) onBytes(size);
        return 'created';
      } catch (error) {
        if (httpStatus(error) === 412) return 'exists';
        if (sha256) await checksumOf(file, sha256);
        throw domainError(error, named('write', name));
      }
    },

    async download({ name, bytes, generation, crc32c }, file, onBytes = ignore) {
      const subject = named('read', name);
      const crc = new CRC32C();
      let present = 0;
      for await (const chunk of createReadStream(file, { flags: 'a+' })) {
        crc.update(chunk as Buffer);
        present += (chunk as Buffer).length;
      }
      const measure = transform((chunk) => {
        crc.update(chunk);
        present += chunk.length;
        onBytes(chunk.length);
      });
      // The client would verify only some of its answers, and unpack others.
      const options = {
        validation: false,
        decompress: false,
        ...(present > 0 && { start: present }),
      } as const;
      try {
        const source = present < bytes ? readStream(bucket.file(name, { generation }), options) : [];
        await pipeline(source, measure, createWriteStream(file, { flags: 'a' }));
      } catch (error) {
        throw domainError(error, subject);
      }
      if (present < bytes) throw new TransientError(`${subject}: the connection ended early.`);
      if (crc.validate(crc32c)) return;
      await truncate(file);
      throw new TransientError(`${subject}: the bytes that came do not have its checksum ${crc32c}.`);
    },

    async checksum(file) {
      return (await CRC32C.fromFile(file)).toString();
    },
  };
}

function ignore(): void {}

/** CRC-32C of the file, by the same reading that finds its SHA-256 to be this one. Throws InvalidError where it is another. */
async function checksumOf(file: string, sha256: string): Promise<string> {
  const hash = createHash('sha256');
  const crc = new CRC32C();
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk as Buffer);
    crc.update(chunk as Buffer);
  }
  if (hash.digest('hex') === sha256) return crc.toString();
  throw new InvalidError([
    { field: file, problem: 'has changed while it was pushed', remedy: 'Push again.' },
  ]);
}

/** The client reports the bytes so far; ours are told of each part. */
function differences(onBytes: OnBytes): (event: { bytesWritten: number }) => void {
  let before = 0;
  return ({ bytesWritten }) => {
    onBytes(bytesWritten - before);
    before = bytesWritten;
  };
}

/** Passes every chunk on, after `look` has seen it. */
function transform(look: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      look(chunk);
      done(null, chunk);
    },
  });
}

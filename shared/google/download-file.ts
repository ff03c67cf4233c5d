import { createReadStream, createWriteStream } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bucket, CRC32C } from '@google-cloud/storage';
import { TransientError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { OnBytes } from '../ports/files.ts';
import type { ObjectInfo } from '../ports/objects.ts';
import { domainError } from './errors.ts';
import { readStream } from './read-stream.ts';

export interface Download {
  bucket: Bucket;
  object: ObjectInfo;
  file: string;
  onBytes: OnBytes;
  clock: Clock;
}

/** The bytes of a file so far. */
interface Progress {
  bytes: number;
  crc: CRC32C;
}

/**
 * Completes `file` to the object's bytes; what it holds already counts as their beginning. Throws TransientError if the connection
 * breaks, which keeps what arrived, and if the checksum is wrong, which empties the file.
 */
export async function downloadFile(download: Download): Promise<void> {
  const progress = await progressOf(download.file);
  await resumeDownload(download, progress);
  await verifyChecksum(download, progress);
}

async function progressOf(file: string): Promise<Progress> {
  const progress = { bytes: 0, crc: new CRC32C() };
  for await (const chunk of createReadStream(file, { flags: 'a+' })) add(progress, chunk as Buffer);
  return progress;
}

async function resumeDownload(
  { bucket, object, file, onBytes, clock }: Download,
  progress: Progress,
): Promise<void> {
  const subject = subjectOf(bucket, object);
  if (progress.bytes >= object.bytes) return;
  // The client verifies only some of its responses and decompresses others.
  const options = {
    validation: false,
    decompress: false,
    ...(progress.bytes > 0 && { start: progress.bytes }),
  } as const;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      add(progress, chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  try {
    const source = readStream(bucket.file(object.name, { generation: object.generation }), options, clock);
    await pipeline(source, measure, createWriteStream(file, { flags: 'a' }));
  } catch (error) {
    throw domainError(error, subject);
  }
  if (progress.bytes < object.bytes) throw new TransientError(`${subject}: the connection ended early.`);
}

async function verifyChecksum({ bucket, object, file }: Download, { crc }: Progress): Promise<void> {
  if (crc.validate(object.crc32c)) return;
  await truncate(file);
  throw new TransientError(
    `${subjectOf(bucket, object)}: the received bytes do not have the checksum ${object.crc32c}.`,
  );
}

function add(progress: Progress, chunk: Buffer): void {
  progress.crc.update(chunk);
  progress.bytes += chunk.length;
}

function subjectOf(bucket: Bucket, { name }: ObjectInfo): string {
  return `read gs://${bucket.name}/${name}`;
}

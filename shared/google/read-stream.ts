import type { Readable } from 'node:stream';
import type { CreateReadStreamOptions, File } from '@google-cloud/storage';

/**
 * Two pipelines of the client's are on every answer, 11 listeners for one event, which Node warns of on stderr as a leak
 * (https://github.com/googleapis/google-cloud-node/issues/9185). It is none: they go with the answer.
 */
const MOST_LISTENERS = 20;

/** The bytes of an object, or of a part of it. */
export function readStream(file: File, options: CreateReadStreamOptions = {}): Readable {
  return file
    .createReadStream(options)
    .on('response', (answer: Readable) => answer.setMaxListeners(MOST_LISTENERS)) as Readable;
}

export async function readBytes(file: File, options?: CreateReadStreamOptions): Promise<Buffer> {
  return Buffer.concat(await readStream(file, options).toArray());
}

import { pipeline, type Readable, Transform } from 'node:stream';
import type { CreateReadStreamOptions, File } from '@google-cloud/storage';
import { ANSWER_MS, noAnswer } from './answered.ts';

/**
 * Two pipelines of the client's are on every answer, 11 listeners for one event, which Node warns of on stderr as a leak
 * (https://github.com/googleapis/google-cloud-node/issues/9185). It is none: they go with the answer.
 */
const MOST_LISTENERS = 20;

/** The bytes of an object, or of a part of it. Fails with TransientError where nothing more comes. */
export function readStream(file: File, options: CreateReadStreamOptions = {}): Readable {
  const timer = setTimeout(
    () => bytes.destroy(noAnswer(`read gs://${file.bucket.name}/${file.name}`)),
    ANSWER_MS,
  );
  const bytes = new Transform({
    transform(chunk, _encoding, done) {
      timer.refresh();
      done(null, chunk);
    },
  });
  const source = file.createReadStream(options).on('response', (answer: Readable) => {
    answer.setMaxListeners(MOST_LISTENERS);
    bytes.emit('response', answer);
  });
  return pipeline(source, bytes, () => clearTimeout(timer));
}

export async function readBytes(file: File, options?: CreateReadStreamOptions): Promise<Buffer> {
  return Buffer.concat(await readStream(file, options).toArray());
}

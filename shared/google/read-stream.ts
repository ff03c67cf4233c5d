import { type Readable, Transform } from 'node:stream';
import type { CreateReadStreamOptions, File } from '@google-cloud/storage';
import { ANSWER_MS, noAnswer } from './with-timeout.ts';

/**
 * Two pipelines of the client's are on every answer, 11 listeners for one event, which Node warns of on stderr as a leak
 * (https://github.com/googleapis/google-cloud-node/issues/9185). It is none: they go with the answer.
 */
const MAX_LISTENERS = 20;

/** The bytes of an object, or of a part of it. Fails with TransientError where nothing more comes. */
export function readStream(file: File, options: CreateReadStreamOptions = {}): Readable {
  const subject = `read gs://${file.bucket.name}/${file.name}`;
  const timer = setTimeout(() => bytes.destroy(noAnswer(subject, ANSWER_MS)), ANSWER_MS);
  const bytes = new Transform({
    transform(chunk, _encoding, done) {
      timer.refresh();
      done(null, chunk);
    },
  });
  const source = file.createReadStream(options);
  let isAnswered = false;
  source
    .on('response', (answer: Readable) => {
      isAnswered = true;
      answer.setMaxListeners(MAX_LISTENERS);
      bytes.emit('response', answer);
    })
    .on('error', (error) => bytes.destroy(error));
  bytes.on('close', () => {
    clearTimeout(timer);
    if (isAnswered) source.destroy();
    // The client ends the process where an answer finds its stream destroyed: it is let in, and then sent away.
    else source.once('response', () => setImmediate(() => source.destroy()));
  });
  return source.pipe(bytes);
}

export async function readBytes(file: File, options?: CreateReadStreamOptions): Promise<Buffer> {
  return Buffer.concat(await readStream(file, options).toArray());
}

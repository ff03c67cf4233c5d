import { type Readable, Transform } from 'node:stream';
import type { CreateReadStreamOptions, File } from '@google-cloud/storage';
import { type Clock, systemClock } from '../ports/clock.ts';
import { ANSWER_MS, noAnswer } from './with-timeout.ts';

/**
 * The client attaches two pipelines to every response: 11 listeners for one event, which Node reports on stderr as a leak
 * (https://github.com/googleapis/google-cloud-node/issues/9185). It is none: they go with the response.
 */
const MAX_LISTENERS = 20;

/** Streams an object or a part of it. Fails with TransientError if no more bytes arrive. */
export function readStream(
  file: File,
  options: CreateReadStreamOptions = {},
  clock: Clock = systemClock,
): Readable {
  const subject = `read gs://${file.bucket.name}/${file.name}`;
  const watch = () => clock.after(ANSWER_MS, () => bytes.destroy(noAnswer(subject, ANSWER_MS)));
  let cancelWatch = watch();
  const bytes = new Transform({
    transform(chunk, _encoding, done) {
      cancelWatch();
      cancelWatch = watch();
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
    cancelWatch();
    if (isAnswered) source.destroy();
    // The client ends the process if a response finds its stream destroyed, so the stream lives until the response arrives.
    else source.once('response', () => setImmediate(() => source.destroy()));
  });
  return source.pipe(bytes);
}

export async function readBytes(
  file: File,
  options?: CreateReadStreamOptions,
  clock?: Clock,
): Promise<Buffer> {
  return Buffer.concat(await readStream(file, options, clock).toArray());
}

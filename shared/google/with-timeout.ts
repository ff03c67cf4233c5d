import { type TransientError, triedAgainLater } from '../errors.ts';
import { type Clock, systemClock } from '../ports/clock.ts';

/**
 * A connection that dies unnoticed never answers. The storage client's own timeout has no effect (node-fetch 3 has none), and the
 * other clients' timeouts are longer than a function may run.
 */
export const ANSWER_MS = 60_000;

export function noAnswer(subject: string, milliseconds: number): TransientError {
  return triedAgainLater(`${subject}: no answer within ${milliseconds / 1000} s.`);
}

/** Returns the result of a call. Throws TransientError if it does not answer in time. */
export async function withTimeout<T>(
  subject: string,
  call: () => Promise<T>,
  milliseconds = ANSWER_MS,
  clock: Clock = systemClock,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(milliseconds, () => reject(noAnswer(subject, milliseconds)));
  try {
    return await Promise.race([call(), late]);
  } finally {
    cancel();
  }
}

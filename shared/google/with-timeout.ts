import { type TransientError, triedAgainLater } from '../errors.ts';

/**
 * A connection that died unnoticed never answers. The storage client's own time limit has no effect (node-fetch 3 has none), that of the
 * others is longer than a function may take.
 */
export const ANSWER_MS = 60_000;

export function noAnswer(subject: string, milliseconds: number): TransientError {
  return triedAgainLater(`${subject}: there was no answer for ${milliseconds / 1000} s.`);
}

/** The answer of a call. Throws TransientError where it does not come in time. */
export async function withTimeout<T>(
  subject: string,
  call: () => Promise<T>,
  milliseconds = ANSWER_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noAnswer(subject, milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([call(), late]);
  } finally {
    clearTimeout(timer);
  }
}

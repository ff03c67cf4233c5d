import { type TransientError, triedAgainLater } from '../errors.ts';

/** The storage client's own time limit has no effect (node-fetch 3 has none), and a connection that died unnoticed never answers. */
export const ANSWER_MS = 60_000;

export function noAnswer(subject: string): TransientError {
  return triedAgainLater(`${subject}: there was no answer for ${ANSWER_MS / 1000} s.`);
}

/** The answer of a call. Throws TransientError where it does not come in time. */
export async function answered<T>(subject: string, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noAnswer(subject)), ANSWER_MS);
  });
  try {
    return await Promise.race([call(), late]);
  } finally {
    clearTimeout(timer);
  }
}

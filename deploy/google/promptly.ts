import { TransientError } from '../../shared/errors.ts';
import { optional as unhurried } from '../../shared/google/optional.ts';
import { retrying } from '../../shared/google/retry.ts';

/** Google's clients try a call that reads again for ten minutes, without a word. */
const PATIENCE_MS = 30_000;

/** As `retrying`, for calls that are answered at once: a person who waits is told where they are not. */
export function promptly<T>(subject: string, call: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  return within(patienceMs, subject, retrying(subject, call));
}

/** The same; undefined where there is no such thing. */
export function optional<T>(
  subject: string,
  call: () => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T | undefined> {
  return within(patienceMs, subject, unhurried(subject, call));
}

async function within<T>(ms: number, subject: string, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const error = new TransientError(`${subject}: there is no answer within ${ms / 1000} s.`);
  const timer = setTimeout(() => late.reject(error), ms);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

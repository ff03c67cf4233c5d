import { optional as unhurried } from '../../shared/google/ignore-not-found.ts';
import { retrying } from '../../shared/google/with-retry.ts';
import { answered } from '../../shared/google/with-timeout.ts';

/** Google's clients try a call that reads again for ten minutes, without a word. */
const PATIENCE_MS = 30_000;

/** As `retrying`, for calls that are answered at once: a person who waits is told where they are not. */
export function promptly<T>(subject: string, call: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  return answered(subject, () => retrying(subject, call), patienceMs);
}

/** The same; undefined where there is no such thing. */
export function optional<T>(
  subject: string,
  call: () => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T | undefined> {
  return answered(subject, () => unhurried(subject, call), patienceMs);
}

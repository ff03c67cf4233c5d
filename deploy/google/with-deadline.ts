import { ignoreNotFound as ignoreNotFoundWithoutDeadline } from '../../shared/google/ignore-not-found.ts';
import { withRetry } from '../../shared/google/with-retry.ts';
import { withTimeout } from '../../shared/google/with-timeout.ts';

/** Google's clients silently retry a read for ten minutes. */
const PATIENCE_MS = 30_000;

/** Like `withRetry`, but throws TransientError after `patienceMs`: a person is waiting for the answer. */
export function withDeadline<T>(
  subject: string,
  call: () => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  return withTimeout(subject, () => withRetry(subject, call), patienceMs);
}

/** The same; returns undefined if the resource does not exist. */
export function ignoreNotFound<T>(
  subject: string,
  call: () => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T | undefined> {
  return withTimeout(subject, () => ignoreNotFoundWithoutDeadline(subject, call), patienceMs);
}

import {
  ignoreNotFound as ignoreNotFoundWithoutDeadline,
  withRetry,
} from '../../shared/google/with-retry.ts';
import { withTimeout } from '../../shared/google/with-timeout.ts';
import { type Clock, systemClock } from '../../shared/ports/clock.ts';

/** Google's clients silently retry a read for ten minutes. */
const PATIENCE_MS = 30_000;

/** Like `withRetry`, but throws TransientError after `patienceMs`: a person is waiting for the answer. */
export function withDeadline<T>(
  subject: string,
  call: () => Promise<T>,
  patienceMs = PATIENCE_MS,
  clock: Clock = systemClock,
): Promise<T> {
  const repeat = () => withRetry(subject, call, { clock, random: Math.random });
  return withTimeout(subject, repeat, patienceMs, clock);
}

/** The same; returns undefined if the resource does not exist. */
export function ignoreNotFound<T>(
  subject: string,
  call: () => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T | undefined> {
  return withTimeout(subject, () => ignoreNotFoundWithoutDeadline(subject, call), patienceMs);
}

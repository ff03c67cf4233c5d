import { NotFoundError, TransientError } from '../errors.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import { domainError } from './errors.ts';

const TRIES = 4;
/** Doubles with every try. Each pause gets up to half as long again, so that clients that failed together do not retry together. */
const FIRST_PAUSE_MS = 250;

export interface Backoff {
  clock: Clock;
  /** From 0 to 1. */
  random: () => number;
}

const SYSTEM: Backoff = { clock: systemClock, random: Math.random };

/**
 * Returns the result of a call that is safe to repeat, and repeats it after a transient failure. Throws our errors, with `subject` as
 * in `domainError`.
 */
export async function withRetry<T>(
  subject: string,
  call: () => Promise<T>,
  { clock, random }: Backoff = SYSTEM,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (cause) {
      const error = domainError(cause, subject);
      if (!(error instanceof TransientError) || tries === TRIES) throw error;
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1) * (1 + random() / 2));
    }
  }
}

/** Like `withRetry`, but returns undefined if the thing does not exist. */
export async function ignoreNotFound<T>(
  subject: string,
  call: () => Promise<T>,
  backoff?: Backoff,
): Promise<T | undefined> {
  try {
    return await withRetry(subject, call, backoff);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '../errors.ts';
import { domainError } from './errors.ts';

const TRIES = 4;
/** Doubles with every try; each pause is up to half as long again, so that clients which failed together do not come back together. */
const FIRST_PAUSE_MS = 250;

/**
 * The answer of a call that may be repeated; where a passing fault befalls it, of one of the next tries. Errors are ours, with
 * `subject` as in `domainError`.
 */
export async function withRetry<T>(subject: string, call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (cause) {
      const error = domainError(cause, subject);
      if (!(error instanceof TransientError) || tries === TRIES) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (tries - 1) * (1 + Math.random() / 2));
    }
  }
}

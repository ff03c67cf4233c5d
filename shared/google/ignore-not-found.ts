import { NotFoundError } from '../errors.ts';
import { withRetry } from './with-retry.ts';

/** The answer of a call that may be repeated; undefined where there is no such thing. Errors as in `retrying`. */
export async function ignoreNotFound<T>(subject: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await withRetry(subject, call);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

import { NotFoundError } from '../../shared/errors.ts';
import { retrying } from '../../shared/google/retry.ts';

/** The answer of a reading call; undefined where there is no such thing. Errors as in `retrying`. */
export async function optional<T>(subject: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await retrying(subject, call);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

import { domainError } from '../../shared/google/errors.ts';

/**
 * The answer of a call that changes something. It is not repeated here: after a lost answer, apply looks again at what is there, where
 * a repetition would be refused. Errors are ours, with `subject` as in `domainError`.
 */
export async function mapErrors<T>(subject: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw domainError(error, subject);
  }
}

import { InvalidError, NotFoundError, PermissionError, TransientError } from '../../shared/errors.ts';
import { httpStatus } from '../../shared/google/errors.ts';

/** New accounts and grants reach every server within about seven minutes (https://cloud.google.com/iam/docs/access-change-propagation). */
export const PROPAGATION_MS = 7 * 60_000;

/**
 * Returns until when a failed change is worth retrying, in milliseconds since the epoch; undefined if a retry cannot help.
 * `begun`: the first try of the resource. `dependencyChanged`: the last change of something that it depends on.
 */
export function retryWindow(
  error: unknown,
  { begun, dependencyChanged }: { begun: number; dependencyChanged: number | undefined },
): number | undefined {
  if (isTransient(error)) return begun + PROPAGATION_MS;
  if (mayBePropagation(error) && dependencyChanged !== undefined) return dependencyChanged + PROPAGATION_MS;
  return undefined;
}

/** A failure of the network or a server, or a concurrent change by somebody else: the next try reads the new state. */
function isTransient(error: unknown): boolean {
  const status = httpStatus((error as Error).cause);
  return error instanceof TransientError || status === 409 || status === 412;
}

/** The answers of a server that does not know a new account or grant yet. */
function mayBePropagation(error: unknown): boolean {
  if (error instanceof PermissionError || error instanceof NotFoundError) return true;
  return !(error instanceof InvalidError) && httpStatus((error as Error).cause) === 400;
}

import { CommanderError } from 'commander';
import { InvalidError, NotFoundError, PermissionError, TransientError } from '../../shared/errors.ts';
import { EXIT, type ExitCode } from './codes.ts';
import { WaitedTooLongError } from './errors.ts';
import { fileFault } from './file-fault.ts';

export interface Explanation {
  code: ExitCode;
  /** Empty if the cause has been printed already. */
  message: string;
}

/** The message of an error, and the exit code. */
export function explain(error: unknown): Explanation {
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? EXIT.ok : EXIT.usage, message: '' };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof InvalidError) return { code: EXIT.usage, message };
  if (error instanceof PermissionError) return { code: EXIT.refused, message };
  if (error instanceof NotFoundError) return { code: EXIT.notFound, message };
  if (error instanceof WaitedTooLongError) return { code: EXIT.waitedTooLong, message };
  if (error instanceof TransientError) {
    return {
      code: EXIT.waitedTooLong,
      message: `${error.fault}\nThe cloud does not answer as it should. It may pass: try again.`,
    };
  }
  const fault = fileFault(error);
  if (fault) return { code: EXIT.usage, message: fault };
  if (isCloudError(error)) return { code: EXIT.refused, message };
  return { code: EXIT.internal, message: `${message}\nThis is unexpected: VICINITY_DEBUG=1 shows where.` };
}

/** Any other error of a Google client, missing credentials among them: the adapters put it below their own. */
function isCloudError(error: unknown): boolean {
  return error instanceof Error && error.cause !== undefined;
}

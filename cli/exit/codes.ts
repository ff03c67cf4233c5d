import { isFinished, type Status } from '../../shared/model/status.ts';
import { EXIT_DIFFERS } from '../../shared/ports/deploy-program.ts';

/** Exit codes of every command (docs/reference/commands.md); scripts and Makefiles depend on them. */
export const EXIT = {
  ok: 0,
  runFailed: 1,
  usage: 2,
  refused: 3,
  notFound: 4,
  waitedTooLong: 5,
  /** `deploy plan`, `deploy verify`, `doctor`: a difference was found. */
  differs: EXIT_DIFFERS,
  /** A defect of this program: sysexits.h EX_SOFTWARE. */
  internal: 70,
  /** Ctrl-C, as shells report it: 128 + SIGINT. The run continues. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of a command that waits for a run. */
export function exitCodeOf(status: Pick<Status, 'status'>): ExitCode {
  return isFinished(status) && status.status !== 'succeeded' ? EXIT.runFailed : EXIT.ok;
}

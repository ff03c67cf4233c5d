import { EXIT_DIFFERS } from '../../shared/ports/deploy-program.ts';

/** Exit codes of every command (docs/reference/commands.md); scripts and Makefiles build on them. */
export const EXIT = {
  ok: 0,
  runFailed: 1,
  usage: 2,
  refused: 3,
  notFound: 4,
  waitedTooLong: 5,
  /** `deploy plan`, `deploy verify`, `doctor`: something is not as it should be. */
  differs: EXIT_DIFFERS,
  /** A fault of this program, not of the run: sysexits.h EX_SOFTWARE. */
  internal: 70,
  /** Ctrl-C, as shells count it: 128 + SIGINT. The run goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

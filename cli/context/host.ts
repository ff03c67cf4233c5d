import { userInfo } from 'node:os';
import { type Clock, systemClock } from '../../shared/ports/clock.ts';

/** A stream that a command writes to. */
export interface Sink {
  write(bytes: string | Uint8Array): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** All that the command takes from the process that it runs in, so that a test can be that process. */
export interface Host {
  cwd: string;
  env: Record<string, string | undefined>;
  /** Answers and secrets. */
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  /** Data. */
  stdout: Sink;
  /** Messages. */
  stderr: Sink;
  clock: Clock;
  user: string;
  /** Calls `listener` at Ctrl-C instead of ending the process, or when the program that started it is gone; returns a function that undoes this. */
  onInterrupt(listener: () => void): () => void;
}

export function processHost(): Host {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    user: userInfo().username,
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      // Only a program that has opened a channel to this one is noticed, as the local cloud does.
      process.on('disconnect', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('disconnect', listener);
      };
    },
  };
}

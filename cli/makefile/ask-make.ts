import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** make reads the Makefile only; what takes longer is a `$(shell …)` that waits. */
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Of Debian 11, and the oldest with the syntax of the VM's make. macOS has 3.81, which reads some Makefiles otherwise. */
const OLDEST_VERSION = 4;
/** A goal that needs nothing: make is asked what it has read, and not what it would run. */
export const SENTINEL = 'vicinity-sentinel-goal';

export interface MakeAnswer {
  /** What `make -p` prints. */
  database: string;
  /** False: make stopped at an error of the Makefile, such as `$(error …)`, and has read a part of it. */
  isComplete: boolean;
  /** Make's own messages. */
  messages: string;
}

/**
 * Asks make what it reads in a Makefile: `make -pqRr`. It runs `$(shell …)`, as whenever make is called, but no recipe: make would
 * remake included files even with -q, unless they are named as old. Undefined where there is no GNU make 4, or where it does not end in time.
 */
export async function askMake(
  directory: string,
  file: string,
  included: string[],
  env: Record<string, string>,
): Promise<MakeAnswer | undefined> {
  const old = [file, ...included].flatMap((name) => ['-o', name]);
  const args = ['-pqRr', '--no-print-directory', ...old, '-f', file, '-f', '-', SENTINEL];
  const make = spawn('make', args, {
    cwd: directory,
    env: { ...env, LC_ALL: 'C' },
    // A group of its own: a shell that it waits for ends with it.
    detached: true,
  });
  const stop = () => {
    // It may have ended meanwhile.
    if (make.pid !== undefined && make.exitCode === null) process.kill(-make.pid, 'SIGKILL');
  };
  const timer = setTimeout(stop, TIMEOUT_MS);
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      make.once('error', reject);
      make.once('close', (code) => resolve(code));
    });
    make.stdin.on('error', () => {});
    make.stdin.end(`.PHONY: ${SENTINEL}\n${SENTINEL}: ;\n`);
    let size = 0;
    make.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BYTES) stop();
    });
    const [database, messages, code] = await Promise.all([text(make.stdout), text(make.stderr), ended]);
    const [, version = '0'] = /^# GNU Make (\d+)/m.exec(database) ?? [];
    if (code === null || Number(version) < OLDEST_VERSION) return undefined;
    // -q: 0 and 1 tell whether the goal is up to date; 2 is an error.
    return { database, messages, isComplete: code < 2 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeStateDir } from './state-dir.ts';

const READY_DEADLINE_MS = 30_000;
const EXIT_WAITED_TOO_LONG = 5;

/** The process in the background ended, or was not ready in time. `exitCode` is its own. */
export class BackgroundStartError extends Error {
  override readonly name = 'BackgroundStartError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Starts `up` as a process of its own session and resolves once its cloud is ready. Fails with what it said where it ends
 * instead, or is not ready in time.
 */
export async function startInBackground(program: string, args: string[], stateDir: string): Promise<void> {
  makeStateDir(stateDir);
  const log = join(stateDir, 'logs', 'local.log');
  const output = openSync(log, 'a');
  const before = statSync(log).size;
  const child = spawn(process.execPath, [program, ...args], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const problem = await Promise.race([problemOf(child), tooLate(child)]);
  if (child.connected) child.disconnect();
  child.unref();
  if (!problem) return;
  const said = readFileSync(log).subarray(before).toString('utf8').trim();
  throw new BackgroundStartError(`${problem.text}\n${said}`, problem.exitCode);
}

interface Problem {
  text: string;
  exitCode: number;
}

/** Undefined once it is ready. */
async function problemOf(child: ChildProcess): Promise<Problem | undefined> {
  const ready = once(child, 'message').then(() => undefined);
  const ended = once(child, 'exit').then(([exitCode]) => ({
    text: 'The local cloud ended while it started:',
    exitCode: Number(exitCode ?? 1),
  }));
  return Promise.race([ready, ended]);
}

function tooLate(child: ChildProcess): Promise<Problem> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      const text = `The local cloud was not ready after ${READY_DEADLINE_MS / 1000} s:`;
      resolve({ text, exitCode: EXIT_WAITED_TOO_LONG });
    }, READY_DEADLINE_MS);
    timer.unref();
  });
}

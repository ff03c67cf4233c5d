import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { FunctionLog } from './function-log.ts';
import type { Revision } from './revision.ts';

export interface ProcessOptions {
  revision: Revision;
  /** Module that is loaded before the program. */
  preload: string;
  env: Record<string, string>;
  log: FunctionLog;
  /** Holds the Unix socket that it is to listen on: the framework would open a TCP port to the whole network. */
  socketDir: string;
  /** Of this start: no socket is used twice. */
  number: number;
}

/** One instance of a function: a process of the functions framework that listens on `socket`. */
export interface FunctionProcess {
  socket: string;
  pid: number;
  /** Resolves once it has ended. Never rejects. */
  exited: Promise<void>;
  /** Ends it at once, as SIGKILL or a lost host would. */
  kill(): void;
}

const START_DEADLINE_MS = 30_000;

/** Starts a process and waits until it listens. Fails with the last lines of its output where it ends instead. */
export async function startFunctionProcess(options: ProcessOptions): Promise<FunctionProcess> {
  const { revision, log, socketDir, number } = options;
  const socket = join(socketDir, `${revision.name}-${number}.sock`);
  const child = launch(options, socket);
  const exited = once(child, 'close').then(() => rm(socket, { force: true }));
  log.follow(child.pid ?? 0, [child.stdout as Readable, child.stderr as Readable]);
  const deadline = setTimeout(() => child.kill('SIGKILL'), START_DEADLINE_MS);
  const isListening = await Promise.race([
    once(child, 'message').then(() => true),
    exited.then(() => false),
  ]).finally(() => clearTimeout(deadline));
  if (!isListening || child.pid === undefined) {
    throw new Error(`The function ${revision.name} did not start. ${log.path} tells why:\n${log.tail}`);
  }
  return { socket, pid: child.pid, exited, kill: () => void child.kill('SIGKILL') };
}

function launch({ revision, preload, env }: ProcessOptions, socket: string): ChildProcess {
  const { name, target, program, directory } = revision;
  const args = ['--require', preload, program, `--target=${target}`, ...revision.args];
  return spawn(process.execPath, args, {
    cwd: directory,
    // As Cloud Run tells a function its name (https://cloud.google.com/run/docs/container-contract#services-env-vars).
    env: { ...env, PORT: socket, K_SERVICE: name },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

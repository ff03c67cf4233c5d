import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { FunctionSpec } from './catalogue.ts';
import type { FunctionLog } from './function-log.ts';

export interface ProcessOptions {
  spec: FunctionSpec;
  /** The function's bundle. */
  source: string;
  /** Main program of the functions framework, for a bundle that has none of its own, and the module loaded before it. */
  framework: string;
  preload: string;
  /** The Unix socket it is to listen on: the framework would open a TCP port to the whole network. */
  socket: string;
  env: Record<string, string>;
  log: FunctionLog;
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
  const { spec, socket, log } = options;
  const child = launch(options);
  const exited = once(child, 'close').then(() => rm(socket, { force: true }));
  log.follow(child.pid ?? 0, [child.stdout as Readable, child.stderr as Readable]);
  const deadline = setTimeout(() => child.kill('SIGKILL'), START_DEADLINE_MS);
  const isListening = await Promise.race([
    once(child, 'message').then(() => true),
    exited.then(() => false),
  ]).finally(() => clearTimeout(deadline));
  if (!isListening || child.pid === undefined) {
    throw new Error(`The function ${spec.name} did not start. ${log.path} tells why:\n${log.tail}`);
  }
  return { socket, pid: child.pid, exited, kill: () => void child.kill('SIGKILL') };
}

function launch({ spec, source, framework, preload, socket, env }: ProcessOptions): ChildProcess {
  // A deployed folder brings its program along, as npm puts it at node_modules/.bin/functions-framework on Google Cloud.
  const own = join(dirname(source), 'framework', 'main.cjs');
  const args = [
    '--require',
    preload,
    existsSync(own) ? own : framework,
    `--target=${spec.target}`,
    '--signature-type=cloudevent',
    `--source=${source}`,
  ];
  return spawn(process.execPath, args, {
    cwd: dirname(source),
    // As Cloud Run tells a function its name (https://cloud.google.com/run/docs/container-contract#services-env-vars).
    env: { ...env, PORT: socket, K_SERVICE: spec.name },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

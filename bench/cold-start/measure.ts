import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { startStandIn } from './stand-in.ts';
import type { Variant } from './variants.ts';

/** One cold start. */
export interface Sample {
  /** Milliseconds from the start of the process until it listens, with the function loaded. */
  listening: number;
  /** Milliseconds from the start of the process until its first event is answered. */
  answered: number;
  /** Calls to Cloud Storage, Compute Engine and Slack that the event took. */
  calls: number;
  /** Milliseconds of processor time until either, of all its threads: what others do on the machine matters little to it. */
  processorListening: number;
  processorAnswered: number;
  /** Greatest resident memory so far, in bytes. */
  memory: number;
}

/** What the framework says last when it listens. */
const LISTENING = /^URL: /;
const DEADLINE_MS = 30_000;

/** Starts the variant in a process of its own and gives it one event. `folder` is for temporary files. */
export async function coldStart(
  variant: Variant,
  event: Variant['events'][number],
  folder: string,
): Promise<Sample> {
  const work = mkdtempSync(join(folder, 'start-'));
  const standIn = await startStandIn(event.documents);
  const socket = join(work, 'socket');
  const began = performance.now();
  const child = start(variant, environment(work, standIn.address, socket));
  const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const ended = once(child, 'close');
  try {
    await Promise.race([isListening(child), ended.then(() => fail(variant, 'ended before it listened'))]);
    const listening = performance.now() - began;
    const processorListening = processorTime(child);
    const status = await post(socket, JSON.stringify(event.body));
    const answered = performance.now() - began;
    const processorAnswered = processorTime(child);
    if (status >= 300) fail(variant, `answered ${status}`);
    return {
      listening,
      answered,
      processorListening,
      processorAnswered,
      calls: standIn.takeCalls(),
      memory: peakMemory(child),
    };
  } finally {
    clearTimeout(deadline);
    child.kill('SIGKILL');
    await ended;
    standIn.server.close();
    standIn.server.closeAllConnections();
    rmSync(work, { recursive: true });
  }
}

function start({ program, target, folder }: Variant, env: Record<string, string>): ChildProcess {
  const args = [program, `--target=${target}`, '--signature-type=cloudevent'];
  return spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** As Cloud Run and deploy set it, with every service at the stand-in. */
function environment(work: string, address: string, socket: string): Record<string, string> {
  const webhook = join(work, 'webhook');
  writeFileSync(webhook, `http://${address}/webhook`);
  return {
    PATH: process.env.PATH ?? '',
    HOME: work,
    PORT: socket,
    K_SERVICE: 'none',
    GOOGLE_CLOUD_PROJECT: 'vicinity-local',
    GCE_METADATA_HOST: address,
    STORAGE_EMULATOR_HOST: `http://${address}`,
    VICINITY_COMPUTE_ENDPOINT: `http://${address}`,
    VICINITY_CONFIG: '{}',
    VICINITY_SLACK_WEBHOOK_FILE: webhook,
  };
}

/** Resolves once the framework in the process listens. */
export async function isListening(child: ChildProcess): Promise<void> {
  const lines = createInterface(child.stdout as Readable);
  for await (const line of lines) if (LISTENING.test(line)) break;
  // Read on, so that the process never waits for its output to be taken.
  child.stdout?.resume();
}

function post(socketPath: string, body: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { 'content-type': 'application/json' };
  const path = '/projects/none/topics/none';
  const call = request({ socketPath, method: 'POST', path, headers, agent: false });
  call.on('error', reject).on('response', (response) => {
    response.resume().on('end', () => resolve(response.statusCode ?? 500));
  });
  call.end(body);
  return promise;
}

/** The first number of each thread is its time on a processor, in nanoseconds (https://docs.kernel.org/scheduler/sched-stats.html). */
function processorTime({ pid }: ChildProcess): number {
  const threads = globSync(`/proc/${pid}/task/*/schedstat`);
  const nanoseconds = threads.map((file) => Number(readFileSync(file, 'utf8').split(' ')[0]));
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

/** As Linux counts it (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html). */
function peakMemory({ pid }: ChildProcess): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

function fail({ name }: Variant, what: string): never {
  throw new Error(`${name} ${what}. Its output is above.`);
}

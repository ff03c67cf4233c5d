import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoints } from '../local/endpoints.ts';
import { listProcesses } from '../local/vm/process/process-table.ts';
import type { VmMode } from './vm-mode.ts';

/** The process that runs a state directory's cloud. With `started` its pid is never taken for another process's. */
export interface Running {
  pid: number;
  started: string;
  /** Present once it is ready. */
  ready?: Ready;
}

export interface Ready {
  endpoints: Endpoints;
  /** For clients on this computer. */
  env: Record<string, string>;
  /** Folder of the pipeline that it serves. */
  pipeline: string;
  /** It started with an empty project. */
  empty: boolean;
  /** It enforces permissions. */
  iam: boolean;
  /** How its VM runs. */
  vm: VmMode;
  /** Address of the dashboard; absent where it did not start. */
  dashboard?: string;
}

export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  readonly running: Running;

  constructor(running: Running) {
    super(`The local cloud is already running (pid ${running.pid}).`);
    this.running = running;
  }
}

const recordOf = (stateDir: string) => join(stateDir, 'running.json');

/** Takes the state directory for this process. Throws AlreadyRunningError while another one has it. */
export async function claimStateDir(stateDir: string): Promise<void> {
  const running = await findRunning(stateDir);
  if (running) throw new AlreadyRunningError(running);
  rmSync(recordOf(stateDir), { force: true });
  const record: Running = { pid: process.pid, started: await startTime(process.pid) };
  try {
    writeFileSync(recordOf(stateDir), JSON.stringify(record), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new AlreadyRunningError((await findRunning(stateDir)) ?? record);
  }
}

/** Adds to the claim that the cloud can be used. */
export function announceReady(stateDir: string, ready: Ready): void {
  const temporary = `${recordOf(stateDir)}.tmp`;
  const record = { ...readRecord(stateDir), ready };
  writeFileSync(temporary, JSON.stringify(record, undefined, 2), { mode: 0o600 });
  renameSync(temporary, recordOf(stateDir));
}

export function releaseStateDir(stateDir: string): void {
  rmSync(recordOf(stateDir), { force: true });
}

/** The process that runs the cloud of this state directory, if it still does. */
export async function findRunning(stateDir: string): Promise<Running | undefined> {
  const record = readRecord(stateDir);
  if (!record) return undefined;
  return (await startTime(record.pid)) === record.started ? record : undefined;
}

function readRecord(stateDir: string): Running | undefined {
  try {
    return JSON.parse(readFileSync(recordOf(stateDir), 'utf8')) as Running;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${recordOf(stateDir)} cannot be read. Remove it if no local cloud is running.`, {
      cause: error,
    });
  }
}

async function startTime(pid: number): Promise<string> {
  return (await listProcesses()).find((entry) => entry.pid === pid)?.started ?? '';
}

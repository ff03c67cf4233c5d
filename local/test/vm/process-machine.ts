import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as realSleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { listProcesses } from '../../vm/process/process-table.ts';
import { createProcessVmHost } from '../../vm/process/process-vm-host.ts';
import type { Vm, VmHost } from '../../vm/vm-host.ts';
import { guestMetadata } from './guest-metadata.ts';

const DEADLINE_MS = 10_000;
const NAME = 'machine';

const PATH = process.env.PATH ?? '';
/** What is said of this computer, which may lack curl and make. */
const STAND_IN = /^=?\[local\] this computer has no \w+: a stand-in takes its place, .*\n/gm;

/** One process-mode machine and the clock it lives by. */
export class ProcessMachine implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'gcp-local-vm-'));
  readonly clock = new CloudClock();
  readonly faults = new Faults();
  attributes: Record<string, string> = {};
  /** The computer's search path. */
  /** Where another one is given, the console also tells which programs have stand-ins. */
  path = PATH;
  #host: VmHost | undefined;

  /** Boots `script`, with `attributes` beside it. */
  async boot(script: string, { freshDisk = false } = {}): Promise<Vm> {
    this.attributes = { ...this.attributes, 'startup-script': script };
    this.#host ??= await createProcessVmHost({
      directory: this.directory,
      context: { clock: this.clock, faults: this.faults, onCall() {} },
      path: this.path,
      endpoints: () => ({ STORAGE_EMULATOR_HOST: 'http://127.0.0.1:1' }),
      freshDisk,
    });
    return this.#host.boot(
      NAME,
      guestMetadata(() => this.attributes),
      { memoryBytes: 0, diskBytes: 0 },
    );
  }

  /** All that has come on the console. */
  async console(): Promise<string> {
    const shown = await readFile(join(this.directory, NAME, 'serial.log'), 'utf8');
    return this.path === PATH ? shown.replaceAll(STAND_IN, '') : shown;
  }

  /** Resolves with the console once it holds `text`. */
  shows(text: string): Promise<string> {
    return within(`the console shows ${text}`, async () => {
      const console = await this.console().catch(() => '');
      return console.includes(text) ? console : undefined;
    });
  }

  /** Processes that carry this machine's folder in their environment. */
  async processes(): Promise<number[]> {
    const all = await listProcesses();
    return all.filter((entry) => entry.environment.includes(this.directory)).map((entry) => entry.pid);
  }

  /** Resolves once no such process is left. */
  isGone(): Promise<true> {
    return within('the machine is gone', async () =>
      (await this.processes()).length === 0 ? true : undefined,
    );
  }

  /** The processes that watch over this machine's folder. */
  async watchdogs(): Promise<number[]> {
    const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command=']);
    const lines = stdout.split('\n').filter((line) => line.includes(`watchdog.sh ${this.directory}`));
    return lines.map((line) => Number.parseInt(line, 10));
  }

  async close(): Promise<void> {
    await this.#host?.close();
    this.#host = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    this.clock.close();
    await rm(this.directory, { recursive: true });
  }
}

/** Asks until there is an answer, for at most ten seconds. */
async function within<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`Not within ten seconds: ${what}.`);
    await realSleep(10);
  }
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudClock } from '../../../core/clock.ts';
import { Faults } from '../../../core/faults.ts';
import { machineFolder } from '../../../vm/nspawn/machine-folder.ts';
import { readyNspawnMode } from '../../../vm/nspawn/nspawn-mode.ts';
import type { Vm, VmHost } from '../../../vm/vm-host.ts';
import { until } from '../../support/until.ts';
import { guestMetadata } from '../guest-metadata.ts';

export const NAME = 'machine';
const DISK_BYTES = 512 * 2 ** 20;

/** One nspawn machine that runs scripts of a few lines, and the clock it lives by. */
export class BootedMachine implements AsyncDisposable {
  readonly directory: string;
  readonly clock = new CloudClock();
  #host: VmHost | undefined;

  constructor(directory = realpathSync(mkdtempSync(join(tmpdir(), 'gcp-local-vm-')))) {
    this.directory = directory;
  }

  async boot(script: string, { freshDisk = false, name = NAME } = {}): Promise<Vm> {
    const createVmHost = await readyNspawnMode({ progress: console.error });
    this.#host ??= await createVmHost({
      directory: this.directory,
      context: { clock: this.clock, faults: new Faults(), onCall() {} },
      path: process.env.PATH ?? '',
      endpoints: () => ({ STORAGE_EMULATOR_HOST: 'http://127.0.0.1:1' }),
      freshDisk,
    });
    const attributes = { 'startup-script': `#!/bin/bash\n${script}\n`, TARGET: 'all' };
    const hardware = { memoryBytes: 0, diskBytes: DISK_BYTES };
    return this.#host.boot(
      name,
      guestMetadata(() => attributes),
      hardware,
    );
  }

  console(name = NAME): string {
    const file = join(this.directory, name, 'serial.log');
    return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
  }

  /** What the script has printed. */
  printed(name = NAME): string[] {
    return this.console(name)
      .split('\n')
      .flatMap((line) => / startup-script: (.*)/.exec(line)?.[1] ?? []);
  }

  shows(text: string, name = NAME): Promise<void> {
    return until(() => this.console(name).includes(text), 60);
  }

  /** Namespaces, control groups, loop devices and processes of this machine that are there now. */
  traces(): string[] {
    const { name, disk } = machineFolder(this.directory, NAME);
    const namespaces = ['vm', 'cloud'].map((end) => `/run/netns/${name}-${end}`);
    const groups = ['', 'systemd', 'memory', 'unified'].map((hierarchy) =>
      join('/sys/fs/cgroup', hierarchy, name),
    );
    const loops = execFileSync('losetup', ['--associated', disk], { encoding: 'utf8' });
    const commands = readdirSync('/proc').filter(
      (pid) => /^\d+$/.test(pid) && commandOf(pid).includes(this.directory),
    );
    return [...[...namespaces, ...groups].filter((path) => existsSync(path)), loops, ...commands].filter(
      Boolean,
    );
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

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // It has ended.
  }
}

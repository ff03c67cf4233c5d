import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { signal } from '../process/boot-processes.ts';
import { listProcesses } from '../process/process-table.ts';
import type { Hardware } from '../vm-host.ts';
import type { MachineFolder } from './machine-folder.ts';

const LAUNCH = join(import.meta.dirname, 'nspawn-files/launch.sh');
/** SIGRTMIN+4 asks systemd to power off (systemd(1)), as Compute Engine's power button does. */
const POWER_OFF = 38;

export interface MachineStart {
  folder: MachineFolder;
  image: string;
  hardware: Hardware;
  /** Arguments for systemd-nspawn. */
  options: string[];
}

/**
 * The processes of a machine from its power-on to a power-off or reboot: `unshare`, below it the first process of the
 * machine's pid namespace (systemd-nspawn), below that the machine's own first process. The kernel ends all of them,
 * with their mounts, when the second is gone; and that one when this process is, even by SIGKILL.
 */
export class MachineProcess {
  /** Exit status of systemd-nspawn, or -1 where a signal ended it. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;

  constructor({ folder, image, hardware, options }: MachineStart) {
    const serial = openSync(folder.serialLog, 'a');
    const namespaces = [
      '--mount',
      '--propagation',
      'private',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
    ];
    const command = ['unshare', ...namespaces, '--', 'bash', LAUNCH, folder.root, ...options];
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
      stdio: ['ignore', serial, serial],
      // Not in the group that a terminal's Ctrl-C ends: the local cloud shuts it down.
      detached: true,
      env: {
        PATH: process.env.PATH,
        CGROUP: folder.name,
        IMAGE: image,
        MEMORY_BYTES: String(hardware.memoryBytes),
        DISK_BYTES: String(hardware.diskBytes),
      },
    });
    closeSync(serial);
    this.ended = once(this.#child, 'exit').then(([status]) => status ?? -1);
  }

  /** Asks the machine's first process to power off. Before there is one, nothing happens: ask again. */
  async askToPowerOff(): Promise<void> {
    const nspawn = await this.#childOf(this.#child.pid);
    const leader = await this.#childOf(nspawn);
    if (leader !== undefined) signal(leader, POWER_OFF);
  }

  async kill(): Promise<void> {
    const first = await this.#childOf(this.#child.pid);
    const pid = first ?? this.#child.pid;
    if (pid !== undefined && this.#child.exitCode === null) signal(pid, 'SIGKILL');
  }

  async #childOf(parent: number | undefined): Promise<number | undefined> {
    if (parent === undefined) return undefined;
    return (await listProcesses()).find((entry) => entry.parent === parent)?.pid;
  }
}

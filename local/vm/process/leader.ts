import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, writeFile } from 'node:fs/promises';
import type { BootId } from './boot-processes.ts';
import type { MachineFolder } from './machine-folder.ts';
import { listProcesses } from './process-table.ts';

export interface Leader {
  boot: BootId;
  /** Lets it run the startup script. */
  go(): void;
  /** Resolves when it has ended. */
  exited: Promise<void>;
}

/**
 * Starts the first process of a machine, as the leader of a new process group with the serial log as its console, and
 * puts the boot on record. It waits for `go`. `marker` is a text in `env`.
 */
export async function startLeader(
  folder: MachineFolder,
  env: Record<string, string>,
  marker: string,
): Promise<Leader> {
  const child = await spawnLeader(folder, env);
  const exited = once(child, 'exit').then(() => {});
  const boot = { leader: pidOf(child), started: await startTime(pidOf(child)), marker };
  await writeFile(folder.bootRecord, `${boot.leader} ${boot.started} ${boot.marker}\n`);
  return { boot, exited, go: () => child.stdin?.write('\n') };
}

async function spawnLeader(folder: MachineFolder, env: Record<string, string>): Promise<ChildProcess> {
  const serial = await open(folder.serialLog, 'a');
  const stdio: ['pipe', number, number] = ['pipe', serial.fd, serial.fd];
  const child = spawn('bash', [folder.init, folder.startupScript], {
    cwd: folder.disk,
    env,
    detached: true,
    stdio,
  });
  // A leader that is killed before it reads the first line shows as its exit.
  child.stdin?.on('error', () => {});
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new Error('A process-mode VM cannot start bash. Is it on the search path?', { cause });
  } finally {
    await serial.close();
  }
  return child;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('A process that was started has no pid.');
  return child.pid;
}

async function startTime(pid: number): Promise<string> {
  return (await listProcesses()).find((entry) => entry.pid === pid)?.started ?? 'ended';
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BootId, killAll } from './boot-processes.ts';
import { machineFolder, remove } from './machine-folder.ts';

/**
 * Ends the machines that are still on record below `directory`: an earlier local cloud was killed, and its watchdog as
 * well, or the watchdog has only begun. They are ended, not taken over: their console and their metadata server are gone.
 */
export async function endLeftovers(directory: string): Promise<void> {
  for (const instance of await readdir(directory)) {
    const { bootRecord } = machineFolder(directory, instance);
    const boot = await readBootRecord(bootRecord);
    if (boot) await killAll(boot);
    await remove(bootRecord);
  }
}

/**
 * Starts the process that ends all machines below `directory` when this one is gone, even by SIGKILL: it waits for the end
 * of a pipe. Returns a function that ends it in peace, once the machines are off.
 */
export function startWatchdog(directory: string, path: string): () => Promise<void> {
  const script = join(import.meta.dirname, 'guest', 'watchdog.sh');
  const watchdog: ChildProcess = spawn('sh', [script, directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: path },
  });
  const exited = once(watchdog, 'exit');
  return async () => {
    watchdog.stdin?.end();
    await exited;
  };
}

async function readBootRecord(path: string): Promise<BootId | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const [leader, started, marker] = text.trim().split(' ');
  return leader && started && marker ? { leader: Number(leader), started, marker } : undefined;
}

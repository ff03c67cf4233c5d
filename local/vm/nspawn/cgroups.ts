import { existsSync } from 'node:fs';
import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as realSleep } from 'node:timers/promises';
import { signal } from '../process/boot-processes.ts';

/** Where control groups may be mounted: version 2, and the hierarchies of version 1 that a machine enters. */
const HIERARCHIES = ['', 'systemd', 'memory', 'unified'].map((name) => join('/sys/fs/cgroup', name));

const REMOVE_DEADLINE_MS = 5000;
const PAUSE_MS = 20;

/** Kills what is left in a machine's control groups, and removes them. */
export async function removeGroups(name: string): Promise<void> {
  const groups = HIERARCHIES.map((hierarchy) => join(hierarchy, name)).filter((group) => existsSync(group));
  for (const group of groups) await removeGroup(group);
}

async function removeGroup(group: string): Promise<void> {
  const deadline = performance.now() + REMOVE_DEADLINE_MS;
  for (;;) {
    try {
      return await removeTree(group);
    } catch (error) {
      // A process that was killed stays in its group until the kernel is done with it.
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    await realSleep(PAUSE_MS);
  }
}

/** Groups have files that go with their directory: only the directories are removed, the deepest first. */
async function removeTree(group: string): Promise<void> {
  for (const entry of await readdir(group, { withFileTypes: true }))
    if (entry.isDirectory()) await removeTree(join(group, entry.name));
  const pids = (await readFile(join(group, 'cgroup.procs'), 'utf8')).split('\n').map(Number);
  // 0 stands for a process that is not in this process's namespace.
  for (const pid of pids) if (pid > 0) signal(pid, 'SIGKILL');
  await rmdir(group);
}

function isBusy(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EBUSY';
}

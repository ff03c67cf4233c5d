import { setTimeout as realSleep } from 'node:timers/promises';
import { listProcesses, type ProcessEntry } from './process-table.ts';

/** One boot of a machine, as its processes are recognised. */
export interface BootId {
  /** Pid of the first process, which leads the process group. */
  leader: number;
  /** When the leader started: a pid alone may have gone to a stranger since. */
  started: string;
  /** A text in the environment of every process of this boot. */
  marker: string;
}

/** How long the kernel may take over a SIGKILL before the local cloud gives up. */
const KILL_DEADLINE_MS = 10_000;
const FIRST_PAUSE_MS = 5;
const MAX_PAUSE_MS = 100;

/**
 * The living processes of a boot: its group, whatever carries its marker (a child may leave the group by `setsid`), and
 * the descendants of either. Only a process that left the group, was orphaned and has cleared its environment escapes;
 * on macOS, where system programs hide their environment, one that left the group and was orphaned.
 */
export async function processesOf(boot: BootId): Promise<ProcessEntry[]> {
  const all = await listProcesses();
  const found = new Set(all.filter((entry) => isMarked(entry, boot)));
  let size: number;
  do {
    size = found.size;
    const pids = new Set([...found].map((entry) => entry.pid));
    const groups = new Set([...found].map((entry) => entry.group));
    for (const entry of all) if (pids.has(entry.parent) || groups.has(entry.group)) found.add(entry);
  } while (found.size > size);
  return [...found];
}

/** Kills every process of a boot, and those that they start meanwhile. */
export async function killAll(boot: BootId): Promise<void> {
  const deadline = performance.now() + KILL_DEADLINE_MS;
  let left = await processesOf(boot);
  for (let pause = FIRST_PAUSE_MS; left.length > 0; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    for (const { pid } of left) signal(pid, 'SIGKILL');
    await realSleep(pause);
    left = await processesOf(boot);
    if (left.length > 0 && performance.now() > deadline) throw new Error(cannotKill(left));
  }
}

/** Sends a signal; a process that has ended meanwhile needs none. */
export function signal(pid: number, name: NodeJS.Signals | number): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isMarked(entry: ProcessEntry, boot: BootId): boolean {
  const isLeader = entry.pid === boot.leader && entry.started === boot.started;
  return isLeader || entry.environment.includes(boot.marker);
}

function cannotKill(left: ProcessEntry[]): string {
  const pids = left.map((entry) => entry.pid).join(' ');
  return `Processes ${pids} of a process-mode VM outlive SIGKILL, perhaps waiting for a disk. End them by hand.`;
}

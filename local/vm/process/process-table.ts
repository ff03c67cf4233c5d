import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessEntry {
  pid: number;
  parent: number;
  group: number;
  /** When it started, in the system's own notation: with the pid it identifies a process for good. */
  started: string;
  /** Its environment as text, empty where the system does not show it. */
  environment: string;
}

const run = promisify(execFile);

/** All living processes (zombies are not): from /proc on Linux, else (macOS) from `ps`. */
export function listProcesses(): Promise<ProcessEntry[]> {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

async function fromProc(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(pids.map(procEntry));
  return entries.filter((entry) => entry !== undefined);
}

/** A process may end while it is read, and others' environments may not be read: neither is an error. */
async function procEntry(pid: string): Promise<ProcessEntry | undefined> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const [stat, environment] = await Promise.all([read('stat'), read('environ')]);
  // The command's name is in brackets and may hold spaces and brackets itself (proc(5)).
  const [state, parent, group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return undefined;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    started: rest[16] ?? '',
    environment,
  };
}

async function fromPs(): Promise<ProcessEntry[]> {
  // -E shows the environment after the command, of one's own processes that the system does not protect.
  const { stdout } = await run('ps', ['-axEww', '-o', 'pid=,ppid=,pgid=,stat=,lstart=,command='], {
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return parsePs(stdout);
}

const PS_LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

/** Reads lines of `pid ppid pgid stat lstart command`; the start is written without spaces. */
export function parsePs(output: string): ProcessEntry[] {
  return output.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, started = '', environment = ''] = PS_LINE.exec(line) ?? [];
    if (pid === undefined || state?.startsWith('Z')) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        started: started.replaceAll(/\s+/g, '_'),
        environment,
      },
    ];
  });
}

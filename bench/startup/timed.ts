import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a command took, in seconds; `cpu` counts all its processes, user and system. */
export interface Taken {
  wall: number;
  cpu: number;
}

/** Runs a line of bash and measures it. Throws where it fails. */
export async function timed(line: string, env: NodeJS.ProcessEnv = process.env): Promise<Taken> {
  const script = `TIMEFORMAT='%R %U %S'; { time { ${line}\n} 2>&3; } 3>&2 2>&1 >/dev/null`;
  const options = { env, maxBuffer: 2 ** 24 } as const;
  const { stdout } = await promisify(execFile)('bash', ['-c', `set -o pipefail; ${script}`], options);
  const [wall = 0, user = 0, system = 0] = stdout.trim().split(/\s+/).slice(-3).map(Number);
  return { wall, cpu: user + system };
}

/** The round with the least CPU time: what else the machine does only adds. */
export function least(rounds: Taken[]): Taken {
  return {
    wall: Math.min(...rounds.map(({ wall }) => wall)),
    cpu: Math.min(...rounds.map(({ cpu }) => cpu)),
  };
}

export interface Line {
  what: string;
  wall: number;
  cpu: number;
  /** Of the first line's, by wall and by CPU time. */
  ratio?: { wall: number; cpu: number };
}

/** Lines with their ratios to the first. */
export function compared(taken: Record<string, Taken>): Line[] {
  const [first] = Object.values(taken);
  return Object.entries(taken).map(([what, { wall, cpu }]) => ({
    what,
    wall,
    cpu,
    ...(first && { ratio: { wall: wall / first.wall, cpu: cpu / first.cpu } }),
  }));
}

export function textOf(title: string, lines: Line[]): string {
  const rows = lines.map(
    ({ what, wall, cpu, ratio }) =>
      `  ${what.padEnd(46)} ${wall.toFixed(2).padStart(8)} s  ×${(ratio?.wall ?? 1).toFixed(2).padEnd(6)} CPU ${cpu.toFixed(2).padStart(7)} s  ×${(ratio?.cpu ?? 1).toFixed(2)}`,
  );
  return [title, ...rows].join('\n');
}

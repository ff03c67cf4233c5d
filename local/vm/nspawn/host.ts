import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UnsupportedHostError } from '../host-error.ts';
import { findProgram } from '../search-path.ts';

/** Programs that nspawn mode runs, and the Debian package that each comes in. */
const PROGRAMS = {
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  flock: 'util-linux',
  losetup: 'mount',
  'mkfs.ext4': 'e2fsprogs',
};

export interface Obstacle {
  problem: string;
  remedy: string;
}

/** Why this computer cannot run machines in nspawn mode, or undefined where it can. */
export function obstacleToNspawn(path = process.env.PATH ?? ''): Obstacle | undefined {
  if (process.platform !== 'linux')
    return { problem: 'nspawn needs Linux', remedy: 'Use process mode, which works everywhere.' };
  if (process.getuid?.() !== 0)
    return { problem: 'nspawn needs root', remedy: 'Run as root, or use process mode.' };
  const missing = Object.entries(PROGRAMS).filter(([program]) => !findProgram(program, path));
  if (missing.length === 0) return undefined;
  const programs = missing.map(([program]) => program).join(', ');
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ');
  return {
    problem: `nspawn needs programs that are not installed: ${programs}`,
    remedy: `Install them: apt-get install ${packages}`,
  };
}

/** Throws UnsupportedHostError where this computer cannot run machines in nspawn mode. */
export function checkNspawn(): void {
  const obstacle = obstacleToNspawn();
  if (obstacle) throw new UnsupportedHostError(`${obstacle.problem}. ${obstacle.remedy}`);
}

const execute = promisify(execFile);

/**
 * Runs a program and returns its standard output. Throws with what it said on standard error where it fails, also where it
 * does not read all of its input.
 */
export async function run(program: string, args: string[], input?: string): Promise<string> {
  const running = execute(program, args);
  if (input !== undefined) running.child.stdin?.on('error', () => {}).end(input);
  return (await running).stdout;
}

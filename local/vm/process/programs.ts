import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { UnsupportedHostError } from '../host-error.ts';
import { findProgram } from '../search-path.ts';
import { STAND_INS } from './machine-folder.ts';

/** Programs that every startup script needs: how to ask for the version, and the oldest version that works. */
const NEEDED = [
  {
    name: 'bash',
    ask: ['-c', 'echo "$BASH_VERSION"'],
    first: [5, 0],
    brew: 'bash',
  },
  {
    name: 'python3',
    ask: ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'],
    first: [3, 9],
    brew: 'python',
  },
] as const;

/** Names of the stand-ins that replace programs missing from this search path. */
export function standInsFor(path: string): string[] {
  return readdirSync(STAND_INS).filter((name) => !findProgram(name, path));
}

/** Throws UnsupportedHostError where this search path has no bash or Python, or one that is too old. */
export async function checkPrograms(path: string): Promise<void> {
  for (const { name, ask, first, brew } of NEEDED) {
    const version = await versionOf(name, ask, path);
    if (version && isAtLeast(version, first)) continue;
    const found = version ? `the first one on the search path is ${version}` : 'the search path has none';
    throw new UnsupportedHostError(
      `A process-mode VM needs ${name} ${first.join('.')} or newer, but ${found}. Install it (on macOS: brew install ${brew}) and try again.`,
    );
  }
}

/** Undefined where the program is missing. */
async function versionOf(name: string, ask: readonly string[], path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(name, ask, { env: { PATH: path }, timeout: 10_000 });
    return stdout.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split('.').map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}

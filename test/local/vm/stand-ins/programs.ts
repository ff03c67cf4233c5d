import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const STAND_INS = join(import.meta.dirname, '../../../../local/vm/process/guest/stand-ins');

/** A program, as both sides of a comparison: the stand-in, and the computer's own where it has one. */
export interface Program {
  what: string;
  path: string | undefined;
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export async function bothOf(name: string): Promise<Program[]> {
  return [
    { what: `the stand-in for ${name}`, path: join(STAND_INS, name) },
    { what: `${name} itself`, path: await ownProgram(name) },
  ];
}

/** Runs it to its end. */
export async function run(
  { path }: Program,
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', ...options.env };
  const child = promisify(execFile)(path ?? '', args, { ...options, env, timeout: 20_000 });
  return child.then(
    (printed) => ({ code: 0, ...printed }),
    (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );
}

async function ownProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

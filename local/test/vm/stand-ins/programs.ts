import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { STAND_INS } from '../../../vm/process/machine-folder.ts';
import { withoutProgram } from '../../support/without-program.ts';

/** A program, as both sides of a comparison: the stand-in, and the computer's own where it has one. */
export interface Program {
  what: string;
  /** Its path, or its name on the search path. */
  file: string;
  skip: string | false;
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export function standInFor(name: string): Program {
  return { what: `the stand-in for ${name}`, file: join(STAND_INS, name), skip: false };
}

export function bothOf(name: string): Program[] {
  return [standInFor(name), { what: `${name} itself`, file: name, skip: withoutProgram(name) }];
}

/** Runs it to its end. */
export async function run(
  { file }: Program,
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', ...options.env };
  const child = promisify(execFile)(file, args, { ...options, env, timeout: 20_000 });
  return child.then(
    (printed) => ({ code: 0, ...printed }),
    (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );
}

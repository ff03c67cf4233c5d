import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { InvalidError } from '../../shared/errors.ts';

const execute = promisify(execFile);
/** The names of a million files. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
/** These change how git reads the patterns of source.exclude. */
const PATHSPEC_VARIABLES = [
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
];

export type Environment = Record<string, string | undefined>;
/** Runs git in one directory; the value is its standard output. */
export type RunGit = (...args: string[]) => Promise<Buffer>;
/** An error of git, or of its start (`code` ENOENT where git is missing). */
export type GitError = Error & { code?: string | number; stderr: Buffer };

/**
 * A function that runs git in `directory`, whatever repository the caller's environment names: git sets GIT_DIR, GIT_INDEX_FILE and
 * others for hooks and aliases, and they win over the directory. Throws InvalidError where git is missing.
 * https://git-scm.com/docs/git-rev-parse#Documentation/git-rev-parse.txt---local-env-vars
 */
export async function gitIn(directory: string, env: Environment): Promise<RunGit> {
  const listed = await run(env, ['rev-parse', '--local-env-vars']).catch((error: GitError) => {
    throw error.code === 'ENOENT' ? new InvalidError([gitMissing()]) : error;
  });
  const dropped = new Set([...text(listed).split('\n'), ...PATHSPEC_VARIABLES]);
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !dropped.has(name)));
  return (...args) => run(clean, ['--no-optional-locks', '-C', directory, ...args]);
}

async function run(env: Environment, args: string[]): Promise<Buffer> {
  const { stdout } = await execute('git', args, { env, maxBuffer: MAX_OUTPUT_BYTES, encoding: 'buffer' });
  return stdout;
}

/** One line of output, without its end. */
export function text(output: Buffer): string {
  return output.toString('utf8').replace(/\n$/, '');
}

/** The fields of NUL-separated output, each once. */
export function fields(output: Buffer): string[] {
  return [...new Set(output.toString('utf8').split('\0').filter(Boolean))];
}

function gitMissing() {
  return {
    field: 'git',
    problem: 'is not installed',
    remedy: 'vicinity push packages what git tracks: install git.',
  };
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { InvalidError } from '../../shared/errors.ts';

const run = promisify(execFile);
/** Of git, or of its start. */
type GitError = Error & { code?: string | number; stderr: string };
/** Names of a million files. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** What git knows of a directory of its work tree; all paths are relative to that directory. */
export interface Git {
  /** Tracked files, those of submodules included, less the pathspec patterns; in byte order. */
  trackedFiles(exclude: string[]): Promise<string[]>;
  /** Tracked files that differ from the commit. */
  changedFiles(): Promise<string[]>;
  /** Files and whole directories that git neither tracks nor ignores, less these paths. */
  untrackedFiles(exclude: string[]): Promise<string[]>;
  /** Files and whole directories that git ignores. */
  ignoredFiles(): Promise<string[]>;
  /** Undefined before the first commit. */
  commit(): Promise<string | undefined>;
}

/** Throws InvalidError where the directory is in no git work tree, or git is missing. */
export async function openGit(directory: string): Promise<Git> {
  await git('rev-parse', '--is-inside-work-tree').catch((error: GitError) => {
    throw new InvalidError([error.code === 'ENOENT' ? gitMissing() : noRepository(directory, error)]);
  });
  return {
    async trackedFiles(exclude) {
      const pathspecs = ['.', ...exclude.map(excluding)];
      return fields(await git('ls-files', '-z', '--recurse-submodules', '--', ...pathspecs));
    },
    async changedFiles() {
      // Each entry is two letters of state, a space and the path; a rename is followed by its old path.
      const entries = fields(
        await git('status', '--porcelain', '-z', '--no-renames', '--untracked-files=no', '--', '.'),
      );
      const prefix = (await git('rev-parse', '--show-prefix')).trim();
      return entries.map((entry) => entry.slice(3)).map((path) => path.slice(prefix.length));
    },
    async untrackedFiles(exclude) {
      const options = ['--others', '--exclude-standard', '--directory', '--no-empty-directory'];
      return fields(await git('ls-files', '-z', ...options, '--', '.', ...exclude.map(excluding)));
    },
    async ignoredFiles() {
      return fields(
        await git('ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'),
      );
    },
    async commit() {
      const found = await git('rev-parse', '--verify', '--quiet', 'HEAD').catch(() => '');
      return found.trim() || undefined;
    },
  };

  async function git(...args: string[]): Promise<string> {
    const options = { maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8' } as const;
    const { stdout } = await run('git', ['--no-optional-locks', '-C', directory, ...args], options);
    return stdout;
  }
}

/** A pattern as an exclusion, its own magic kept: `:(glob)docs/**` becomes `:(exclude,glob)docs/**`. */
function excluding(pattern: string): string {
  return pattern.startsWith(':(') ? `:(exclude,${pattern.slice(2)}` : `:(exclude)${pattern}`;
}

function fields(output: string): string[] {
  return [...new Set(output.split('\0').filter(Boolean))];
}

function gitMissing() {
  return {
    field: 'git',
    problem: 'is not installed',
    remedy: 'vicinity push packages what git tracks: install git.',
  };
}

/** Git's own words: it also refuses a work tree that belongs to somebody else, and says how that is allowed. */
function noRepository(directory: string, { stderr }: GitError) {
  return {
    field: directory,
    problem: `is in no git work tree that git would read (${stderr.trim()})`,
    remedy: 'vicinity push packages what git tracks: run git init and git add there, or do what git says.',
  };
}

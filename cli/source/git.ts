import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidError } from '../../shared/errors.ts';
import { splitNames, type TrackedNames } from './names.ts';
import { type Environment, fields, type GitError, gitIn, text } from './run-git.ts';

/** The mode of a submodule, or of a repository that was added as if it were one, in git's index. */
export const GITLINK = '160000';
/** The modes of executables and of symbolic links. */
export const EXECUTABLE = '100755';
export const SYMLINK = '120000';

/** What git knows about a directory of its work tree. All paths are relative to that directory. */
export interface Git {
  /** Tracked files, including those of checked-out submodules, without what the pathspec patterns match. In byte order. */
  trackedFiles(exclude: string[]): Promise<string[]>;
  /** The same, with the names that are not UTF-8. */
  trackedNames(exclude: string[]): Promise<TrackedNames>;
  /** The mode that git's index has for each of them, and for submodules (`160000`). */
  indexModes(exclude: string[]): Promise<Map<string, string>>;
  /** Tracked files that a sparse checkout leaves out of the work tree. */
  sparseFiles(): Promise<string[]>;
  /** Whether the work tree has the executable bits: false on file systems without them (core.fileMode). */
  hasFileModes(): Promise<boolean>;
  /** Tracked files that differ from the commit. */
  changedFiles(): Promise<string[]>;
  /** Files and whole directories that git neither tracks nor ignores, except these paths. */
  untrackedFiles(exclude: string[]): Promise<string[]>;
  /** Files and whole directories that git ignores. */
  ignoredFiles(): Promise<string[]>;
  /** Undefined before the first commit. */
  commit(): Promise<string | undefined>;
}

/** Throws InvalidError where the directory is in no git work tree, or git is missing. */
export async function openGit(directory: string, env: Environment = process.env): Promise<Git> {
  const git = await gitIn(directory, env);
  await git('rev-parse', '--is-inside-work-tree').catch((error: GitError) => {
    throw new InvalidError([noRepository(directory, error)]);
  });
  return {
    trackedFiles: async (exclude) => (await listTracked(exclude)).paths,
    trackedNames: listTracked,
    indexModes: (exclude) => indexModes(directory, env, exclude),
    async sparseFiles() {
      const tagged = fields(await git('ls-files', '-t', '-z'));
      return tagged.filter((entry) => entry.startsWith('S ')).map((entry) => entry.slice(2));
    },
    async hasFileModes() {
      const unset = Buffer.from('true');
      return text(await git('config', '--type=bool', 'core.fileMode').catch(() => unset)) === 'true';
    },
    async changedFiles() {
      // Each entry is two letters of state, a space and the path.
      const entries = fields(
        await git('status', '--porcelain', '-z', '--no-renames', '--untracked-files=no', '--', '.'),
      );
      const prefix = text(await git('rev-parse', '--show-prefix'));
      return entries.map((entry) => entry.slice(3)).map((file) => file.slice(prefix.length));
    },
    async untrackedFiles(exclude) {
      const options = ['--others', '--exclude-standard', '--directory', '--no-empty-directory'];
      return fields(await git('ls-files', '-z', ...options, '--', ...pathspecs(exclude)));
    },
    async ignoredFiles() {
      return fields(
        await git('ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'),
      );
    },
    async commit() {
      const found = await git('rev-parse', '--verify', '--quiet', 'HEAD').catch(() => Buffer.alloc(0));
      return text(found) || undefined;
    },
  };

  async function listTracked(exclude: string[]): Promise<TrackedNames> {
    return splitNames(await git('ls-files', '-z', '--recurse-submodules', '--', ...pathspecs(exclude)));
  }
}

/**
 * Reads the index of the directory, then that of each submodule that is checked out in it. `ls-files --recurse-submodules` says
 * nothing about a submodule whose repository is missing, as in a linked worktree.
 */
async function indexModes(
  directory: string,
  env: Environment,
  exclude: string[],
): Promise<Map<string, string>> {
  const git = await gitIn(directory, env);
  const modes = new Map<string, string>();
  // Each entry is mode, object and stage, separated by spaces, then a tab and the path.
  for (const entry of fields(await git('ls-files', '--stage', '-z', '--', ...pathspecs(exclude)))) {
    const file = entry.slice(entry.indexOf('\t') + 1);
    const mode = entry.slice(0, entry.indexOf(' '));
    modes.set(file, mode);
    if (mode !== GITLINK || !existsSync(path.join(directory, file, '.git'))) continue;
    for (const [below, itsMode] of await indexModes(path.join(directory, file), env, [])) {
      const nested = `${file}/${below}`;
      if (!exclude.some((pattern) => isBelow(nested, pattern))) modes.set(nested, itsMode);
    }
  }
  return modes;
}

function isBelow(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder.replace(/\/+$/, '')}/`);
}

function pathspecs(exclude: string[]): string[] {
  return ['.', ...exclude.map(excluding)];
}

/** A pattern as an exclusion, its own magic kept: `:(glob)docs/**` becomes `:(exclude,glob)docs/**`. */
function excluding(pattern: string): string {
  return pattern.startsWith(':(') ? `:(exclude,${pattern.slice(2)}` : `:(exclude)${pattern}`;
}

/** Quotes git, which also refuses a work tree that belongs to another user and says how to allow it. */
function noRepository(directory: string, { stderr }: GitError) {
  return {
    field: directory,
    problem: `is not in a git work tree that git can read (${text(stderr).trim()})`,
    remedy: 'vicinity push packages what git tracks: run git init and git add there, or do what git says.',
  };
}

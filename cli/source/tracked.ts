import { closeSync, lstatSync, openSync, readlinkSync, readSync, realpathSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { ValidationIssue } from '../../shared/errors.ts';
import { PACKAGE_MANIFEST } from '../../shared/model/package.ts';
import { EXECUTABLE, SYMLINK } from './git.ts';
import { escapeBytes, undecodableName } from './names.ts';

/** A file or a link that goes into the package. */
export interface TrackedFile {
  /** Below the repository, with slashes. */
  path: string;
  stat: Stats;
  isExecutable: boolean;
}

export interface TrackedFiles {
  files: TrackedFile[];
  /** Tracked, but not in the work tree. */
  missing: string[];
  /** Scripts and Makefiles with Windows line endings, which Linux does not run. */
  windowsScripts: string[];
  /** Links in git that are plain files in the work tree. */
  plainLinks: string[];
  issues: ValidationIssue[];
}

/** What git's index says about the files. */
export interface IndexFacts {
  modes: Map<string, string>;
  /** Whether the work tree has executable bits; otherwise those of the index count. */
  hasFileModes: boolean;
}

/** The pointer that Git LFS leaves in place of a file is smaller than this, and begins like this. */
const MAX_POINTER_BYTES = 1024;
const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1';
const MAKEFILE = /(^|\/)(GNUmakefile|[Mm]akefile|[^/]+\.mk)$/;

/** Looks at each of the tracked paths as it is in the work tree. */
export function inspectTracked(directory: string, paths: string[], index: IndexFacts): TrackedFiles {
  const result: TrackedFiles = { files: [], missing: [], windowsScripts: [], plainLinks: [], issues: [] };
  for (const file of paths.filter(isWanted)) {
    const stat = lstatSync(path.join(directory, file), { throwIfNoEntry: false });
    if (stat) inspect(directory, { path: file, stat, isExecutable: isExecutable(file, stat, index) });
    else result.missing.push(file);
  }
  result.issues.push(...caseCollisions(result.files));
  return result;

  function inspect(directory: string, file: TrackedFile): void {
    const head = file.stat.isFile() ? headOf(path.join(directory, file.path)) : '';
    const issue = issueOf(directory, file, head);
    if (issue) {
      result.issues.push(issue);
      return;
    }
    if (head !== undefined && hasWindowsLines(file.path, head)) result.windowsScripts.push(file.path);
    if (file.stat.isFile() && index.modes.get(file.path) === SYMLINK) result.plainLinks.push(file.path);
    result.files.push(file);
  }
}

/** Without macOS's resource forks, and without a manifest that an unpacked package left behind. */
export function isWanted(file: string): boolean {
  return !path.basename(file).startsWith('._') && file !== PACKAGE_MANIFEST;
}

/** Files whose names differ only in case are one file on a disk that ignores case: the other one's content is not there. */
export function caseCollisions(files: TrackedFile[]): ValidationIssue[] {
  const folded = Map.groupBy(files, (file) => file.path.toLowerCase());
  return [...folded.values()].flatMap((group) => {
    const [first, ...others] = group.map(({ path: file }) => file);
    const inodes = new Set(group.map(({ stat }) => `${stat.dev}:${stat.ino}`));
    const isOneFile = others.length > 0 && inodes.size < group.length && group[0]?.stat.nlink === 1;
    if (first === undefined || !isOneFile) return [];
    return others.map((other) => ({
      field: other,
      problem: `and ${first} are one file on this disk, which ignores case: the content of one of them is missing`,
      remedy: 'Rename one of them (git mv), or push from a disk that respects case.',
    }));
  });
}

function isExecutable(file: string, stat: Stats, { modes, hasFileModes }: IndexFacts): boolean {
  return hasFileModes ? (stat.mode & 0o100) !== 0 : modes.get(file) === EXECUTABLE;
}

/** The first bytes of a file; undefined where it cannot be read. */
function headOf(file: string): string | undefined {
  try {
    const descriptor = openSync(file, 'r');
    const buffer = Buffer.alloc(MAX_POINTER_BYTES);
    const bytes = readSync(descriptor, buffer);
    closeSync(descriptor);
    return buffer.toString('latin1', 0, bytes);
  } catch {
    return undefined;
  }
}

function hasWindowsLines(file: string, head: string): boolean {
  const isScript = head.startsWith('#!') || MAKEFILE.test(file);
  return isScript && head.charAt(head.indexOf('\n') - 1) === '\r';
}

function issueOf(
  directory: string,
  { path: file, stat }: TrackedFile,
  head: string | undefined,
): ValidationIssue | undefined {
  if (stat.isSymbolicLink()) return linkIssue(directory, file);
  if (stat.isDirectory()) return missingSubmodule(file);
  if (!stat.isFile()) {
    return { field: file, problem: 'is not a regular file', remedy: 'Restore it: git checkout -- <path>.' };
  }
  if (head === undefined) {
    return { field: file, problem: 'cannot be read', remedy: 'Correct its permissions.' };
  }
  if (!head.startsWith(LFS_POINTER)) return undefined;
  return {
    field: file,
    problem: 'is a Git LFS pointer, not the file itself',
    remedy: 'Run git lfs pull, or list it under source.exclude.',
  };
}

export function missingSubmodule(field: string): ValidationIssue {
  return {
    field,
    problem: 'is a submodule or another embedded repository that git has not checked out here as a submodule',
    remedy: 'Run git submodule update --init --recursive, or list it under source.exclude.',
  };
}

/** A link must lead to the same place on the VM. */
function linkIssue(directory: string, file: string): ValidationIssue | undefined {
  const bytes = readlinkSync(path.join(directory, file), 'buffer');
  const target = bytes.toString('utf8');
  if (!Buffer.from(target).equals(bytes)) return undecodableName(`${file} -> ${escapeBytes(bytes)}`);
  const real = realPath(path.join(directory, file));
  const lexical = path.resolve(directory, path.dirname(file), target);
  const isWithin =
    isInside(directory, lexical) && (real === undefined || isInside(realpathSync(directory), real));
  if (!path.isAbsolute(target) && isWithin) return undefined;
  const where = isWithin ? 'by its absolute path' : 'outside the repository';
  return {
    field: file,
    problem: `is a link to ${target}, ${where}: the VM would not have it`,
    remedy: 'Declare the file itself under source.inputs, or list the link under source.exclude.',
  };
}

/** Undefined where the link leads nowhere, or in a circle. */
function realPath(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

function isInside(directory: string, file: string): boolean {
  const inside = path.relative(directory, file);
  return inside !== '..' && !inside.startsWith(`..${path.sep}`);
}

import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { ValidationIssue } from '../../shared/errors.ts';
import { PACKAGE_MANIFEST } from '../../shared/model/package.ts';

/** A file or a link that goes into the package. */
export interface TrackedFile {
  /** Below the repository, with slashes. */
  path: string;
  stat: Stats;
}

export interface TrackedFiles {
  files: TrackedFile[];
  /** Tracked, but deleted from the work tree. */
  missing: string[];
  issues: ValidationIssue[];
}

/** Looks at each of the tracked paths as it is in the work tree. */
export function inspectTracked(directory: string, paths: string[]): TrackedFiles {
  const result: TrackedFiles = { files: [], missing: [], issues: [] };
  for (const file of paths.filter(isWanted)) {
    const stat = lstatSync(path.join(directory, file), { throwIfNoEntry: false });
    const issue = stat && issueOf(directory, file, stat);
    if (!stat) result.missing.push(file);
    else if (issue) result.issues.push(issue);
    else result.files.push({ path: file, stat });
  }
  return result;
}

/** Without macOS's resource forks, and without a manifest that an unpacked package left behind. */
export function isWanted(file: string): boolean {
  return !path.basename(file).startsWith('._') && file !== PACKAGE_MANIFEST;
}

function issueOf(directory: string, file: string, stat: Stats): ValidationIssue | undefined {
  if (stat.isFile()) return undefined;
  if (stat.isSymbolicLink()) return linkIssue(directory, file);
  if (stat.isDirectory()) {
    return {
      field: file,
      problem: 'is a submodule that is not checked out',
      remedy: 'Run git submodule update --init, or list it under source.exclude.',
    };
  }
  return { field: file, problem: 'is no file', remedy: 'Restore it: git checkout -- <path>.' };
}

/** A link must lead to the same place on the VM. */
function linkIssue(directory: string, file: string): ValidationIssue | undefined {
  const target = readlinkSync(path.join(directory, file));
  const inside = path.relative(directory, path.resolve(directory, path.dirname(file), target));
  if (!path.isAbsolute(target) && inside !== '..' && !inside.startsWith(`..${path.sep}`)) return undefined;
  return {
    field: file,
    problem: `is a link to ${target}, outside the repository: the VM would not have it`,
    remedy: 'Declare the file itself under source.inputs, or list the link under source.exclude.',
  };
}

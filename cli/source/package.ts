import path from 'node:path';
import type { Config } from '../../shared/config/schema.ts';
import { describeIssue, InvalidError } from '../../shared/errors.ts';
import { mapConcurrent } from '../../shared/map-concurrent.ts';
import { describeBytes } from '../../shared/model/bytes.ts';
import { count } from '../../shared/model/count.ts';
import type { PackageManifest } from '../../shared/model/package.ts';
import type { Repository } from '../context/repository.ts';
import { LOGS_FOLDER, RESULTS_FOLDER } from '../results/places.ts';
import { type Git, openGit } from './git.ts';
import { describeInput, findInputs } from './inputs.ts';
import { type Tarball, writeTarball } from './tarball.ts';
import { inspectTracked, type TrackedFile } from './tracked.ts';

/** Tracked files of this size slow every push down; they are better declared as inputs. */
const LARGE_BYTES = 50_000_000;
const MAX_NAMES = 3;
/** A directory may hold more inputs than a process may have open files. */
const READS_AT_ONCE = 8;

export interface SourcePackage extends Tarball {
  manifest: PackageManifest;
  /** How many files it holds, the manifest not counted. */
  files: number;
  warnings: string[];
}

export interface PackageOptions {
  repository: Repository;
  source: Config['source'];
  /** Paths that runs make: nobody misses them in the package. */
  outputs: string[];
  /** Where the tarball goes. */
  folder: string;
  /** Leave out what is at fault, with a warning, instead of throwing InvalidError. */
  force: boolean;
}

/** Packages the work tree as it is. Throws InvalidError with everything that the VM would lack. */
export async function buildPackage(options: PackageOptions): Promise<SourcePackage> {
  const { repository, source, outputs, folder, force } = options;
  const { directory } = repository;
  const git = await openGit(directory);
  const tracked = inspectTracked(directory, await git.trackedFiles(source.exclude));
  const inputs = findInputs(repository, source.inputs);
  const issues = [...tracked.issues, ...inputs.issues];
  if (issues.length > 0 && !force) throw new InvalidError(issues);
  const changed = await git.changedFiles();
  const commit = await git.commit();
  const manifest: PackageManifest = {
    version: 1,
    ...(commit && { commit }),
    dirty: changed.length > 0,
    inputs: await mapConcurrent(READS_AT_ONCE, inputs.paths, (input) => describeInput(directory, input)),
  };
  const tarball = await writeTarball(directory, tracked.files, manifest, path.join(folder, 'package.tar.gz'));
  const warnings = [
    ...issues.map((issue) => `left out: ${describeIssue(issue)}`),
    ...aboutNames('tracked file', 'deleted and left out', tracked.missing),
    ...aboutNames(
      'tracked file',
      'changed since the commit; packaged as in the work tree',
      changed.filter(isThere(tracked.missing)),
    ),
    ...(await aboutUntracked(git, inputs.paths, outputs)),
    ...aboutLarge(tracked.files),
  ];
  return { ...tarball, manifest, files: tracked.files.length, warnings };
}

function isThere(missing: string[]): (file: string) => boolean {
  const absent = new Set(missing);
  return (file) => !absent.has(file);
}

async function aboutUntracked(git: Git, inputs: string[], outputs: string[]): Promise<string[]> {
  const untracked = await git.untrackedFiles([RESULTS_FOLDER, LOGS_FOLDER, ...outputs]);
  const surprising = untracked.filter((file) => !inputs.some((input) => input.startsWith(file)));
  return aboutNames('untracked file', 'not packaged: git add what the run needs', surprising);
}

function aboutLarge(files: TrackedFile[]): string[] {
  const large = files.filter(({ stat }) => stat.size > LARGE_BYTES);
  const names = large.map(({ path: file, stat }) => `${file} (${describeBytes(stat.size)})`);
  return aboutNames('tracked file', 'large and travels with every change: better under source.inputs', names);
}

/** `3 tracked files deleted and left out: a, b, c`. */
function aboutNames(noun: string, what: string, names: string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return [`${count(names.length, noun)} ${what}: ${names.slice(0, MAX_NAMES).join(', ')}${more}`];
}

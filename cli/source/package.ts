import { statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../shared/config/schema.ts';
import { describeIssue, InvalidError, type ValidationIssue } from '../../shared/errors.ts';
import { mapConcurrent } from '../../shared/map-concurrent.ts';
import type { PackageManifest } from '../../shared/model/package.ts';
import type { OnBytes } from '../../shared/ports/files.ts';
import type { Repository } from '../context/repository.ts';
import { findTracked } from './find-tracked.ts';
import { openGit } from './git.ts';
import { describeInput, findInputs } from './inputs.ts';
import { modificationOrder } from './order.ts';
import { type Tarball, writeTarball } from './tarball.ts';
import type { TrackedFiles } from './tracked.ts';
import { packageWarnings } from './warnings.ts';

/** A directory may hold more inputs than a process may have open files. */
const READS_AT_ONCE = 8;
/** The names that GNU make looks for. */
const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

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
  /** Leave out what is wrong, with a warning, instead of throwing InvalidError. */
  force: boolean;
  /** Called once before the files are read, with their bytes; returns the function to call for every part. */
  onStart?: (totalBytes: number) => OnBytes;
}

/** Packages the work tree as it is. Throws InvalidError with everything that the VM would lack. */
export async function buildPackage(options: PackageOptions): Promise<SourcePackage> {
  const { repository, source, outputs, folder, force, onStart = () => () => {} } = options;
  const { directory } = repository;
  const git = await openGit(directory);
  const tracked = await findTracked(git, directory, source.exclude);
  const inputs = findInputs(repository, source.inputs);
  const issues = [...tracked.issues, ...inputs.issues];
  if (issues.length > 0 && !force) throw new InvalidError(issues);
  const packaged = [...tracked.files.map((file) => file.path), ...inputs.paths];
  const unusable = uselessness(repository, packaged);
  if (unusable.length > 0) throw new InvalidError(unusable);
  const changed = await git.changedFiles();
  const onBytes = onStart(totalBytes(directory, tracked, inputs.paths));
  const commit = await git.commit();
  const manifest: PackageManifest = {
    version: 1,
    ...(commit && { commit }),
    dirty: changed.length > 0,
    inputs: await mapConcurrent(READS_AT_ONCE, inputs.paths, (input) =>
      describeInput(directory, input, onBytes),
    ),
  };
  const order = modificationOrder(tracked.files, new Set(changed));
  const content = { directory, files: tracked.files, order, manifest };
  const tarball = await writeTarball(content, path.join(folder, 'package.tar.gz'), onBytes);
  const warnings = [
    ...issues.map((issue) => `left out: ${describeIssue(issue)}`),
    ...(await packageWarnings({ directory, git, tracked, changed, inputs: inputs.paths, outputs })),
  ];
  return { ...tarball, manifest, files: tracked.files.length, warnings };
}

/** Why no run could use a package of these files. Scheduled runs use the newest package, so --force does not override these. */
function uselessness(repository: Repository, packaged: string[]): ValidationIssue[] {
  const { directory, config } = repository;
  if (packaged.length === 0) {
    const remedy = 'vicinity push packages what git tracks: run git add, and check source.exclude.';
    return [{ field: directory, problem: 'has no tracked file to package', remedy }];
  }
  const issues: ValidationIssue[] = [];
  if (!config) {
    const remedy = 'Write it with vicinity init, or name one with --config.';
    issues.push({ field: directory, problem: 'has no vicinity.yaml', remedy });
  }
  if (!MAKEFILES.some((makefile) => packaged.includes(makefile))) {
    const problem = `has no Makefile among its ${packaged.length} packaged files`;
    issues.push({ field: directory, problem, remedy: 'Write one next to vicinity.yaml, and git add it.' });
  }
  return issues;
}

function totalBytes(directory: string, tracked: TrackedFiles, inputs: string[]): number {
  const ofTracked = tracked.files.filter(({ stat }) => stat.isFile()).map(({ stat }) => stat.size);
  const ofInputs = inputs.map((input) => statSync(path.join(directory, input)).size);
  return [...ofTracked, ...ofInputs].reduce((sum, bytes) => sum + bytes, 0);
}

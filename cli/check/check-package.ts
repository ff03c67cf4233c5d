import { statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../shared/config/schema.ts';
import { InvalidError } from '../../shared/errors.ts';
import { didYouMean } from '../../shared/model/did-you-mean.ts';
import type { Repository } from '../context/repository.ts';
import { findTracked } from '../source/find-tracked.ts';
import { openGit } from '../source/git.ts';
import { findInputs } from '../source/inputs.ts';
import { packageWarnings } from '../source/warnings.ts';
import { errorOf, type Finding, warningOf } from './finding.ts';

const IF_MEANT = 'Leave it if it is meant.';

export interface PackageCheck {
  /** Absent where git cannot tell. */
  contents?: { files: number; inputs: number; bytes: number };
  findings: Finding[];
}

/** What a push would package, and what the VM would lack. `makefiles` are the files that make reads. */
export async function checkPackage(
  repository: Repository,
  config: Config,
  makefiles: string[],
): Promise<PackageCheck> {
  const { directory } = repository;
  const { source, provision } = config;
  try {
    const git = await openGit(directory);
    const names = await git.trackedFiles(source.exclude);
    const tracked = await findTracked(git, directory, source.exclude);
    const inputs = findInputs(repository, source.inputs);
    const packaged = new Set([...names, ...inputs.paths]);
    const needed = [
      ...makefiles.filter(isBelow),
      ...[provision.pythonRequirements, provision.script].filter((file) => file !== undefined),
    ];
    const changed = await git.changedFiles();
    const outputs = Object.values(config.targets).flatMap((target) => target.outputs);
    const warnings = await packageWarnings({
      directory,
      git,
      tracked,
      changed,
      inputs: inputs.paths,
      outputs,
    });
    const bytes = inputs.paths.map((file) => statSync(path.join(directory, file)).size);
    return {
      contents: {
        files: tracked.files.length,
        inputs: inputs.paths.length,
        bytes: [...bytes, ...tracked.files.map(({ stat }) => stat.size)].reduce((sum, size) => sum + size, 0),
      },
      findings: [
        ...[...tracked.issues, ...inputs.issues].map(errorOf),
        ...needed.filter((file) => !packaged.has(file)).map((file) => errorOf(notPackaged(file, names))),
        ...source.inputs.filter((input) => names.includes(input)).map((input) => warningOf(isTracked(input))),
        ...warnings.map((problem) => warningOf({ field: 'package', problem, remedy: IF_MEANT })),
      ],
    };
  } catch (error) {
    // git is missing, or this is no work tree: the other checks still count.
    if (error instanceof InvalidError) return { findings: error.issues.map(errorOf) };
    throw error;
  }
}

/** Files of the computer itself, such as an absolute include, are none of the package. */
function isBelow(file: string): boolean {
  return !path.isAbsolute(file) && !file.startsWith('../') && !file.startsWith('node_modules/');
}

function notPackaged(file: string, names: string[]) {
  return {
    field: file,
    problem: 'is not tracked by git, so the VM would lack it',
    remedy: didYouMean(file, names) ?? `Run git add ${file}.`,
  };
}

function isTracked(input: string) {
  return {
    field: input,
    problem: 'is declared under source.inputs, but git tracks it: it travels twice',
    remedy: 'Remove it from source.inputs, or from git.',
  };
}

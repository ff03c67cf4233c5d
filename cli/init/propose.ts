import type { Makefile } from '../makefile/makefile.ts';
import { aptPackages } from './apt-packages.ts';
import { findInputs } from './inputs.ts';
import { type Python, pythonOf, type Rust, rustOf } from './languages.ts';
import { oldScript, oldTarget } from './old-script.ts';
import { OutputFinder } from './outputs.ts';
import { type OwnKeys, ownKeys } from './own-keys.ts';
import { chooseParams, type ProposedParam } from './params.ts';
import { chooseTargets, type LeftOut, nativeTarget, type ProposedTarget } from './targets.ts';
import type { Tree } from './tree.ts';

export interface Proposal {
  keys: OwnKeys;
  defaultTarget: string;
  targets: ProposedTarget[];
  params: ProposedParam[];
  /** Targets and variables of the Makefile that are not proposed. */
  leftOut: { targets: LeftOut[]; params: LeftOut[] };
  /** Files that git ignores and a target needs. */
  inputs: string[];
  missingInputs: string[];
  apt: string[];
  /** Files that name the packages of `apt`. */
  aptFiles: string[];
  python: Python;
  rust: Rust | undefined;
  native: string | undefined;
  /** The script that the control plane replaces. */
  oldScript: string | undefined;
  /** What could not be read with certainty. */
  doubts: string[];
}

/** What a pipeline's vicinity.yaml could say, by its Makefile and the files beside it. */
export function propose(makefile: Makefile, tree: Tree): Proposal {
  const finder = new OutputFinder(makefile, tree);
  const { targets, leftOut } = chooseTargets(makefile, tree, finder);
  const params = chooseParams(makefile, tree.directory);
  const native = nativeTarget(makefile);
  const python = pythonOf(tree, makefile, finder);
  const rust = rustOf(tree, makefile, finder, native);
  const { packages, files } = aptPackages(tree);
  const inputs = findInputs(makefile, tree, finder);
  return {
    keys: ownKeys(makefile, tree.directory),
    defaultTarget: defaultOf(targets, makefile),
    targets,
    params: params.params,
    leftOut: { targets: leftOut, params: params.leftOut },
    inputs: inputs.found,
    missingInputs: inputs.missing,
    apt: [
      ...new Set([
        'make',
        'python3',
        ...(python.requirements ? ['python3-venv'] : []),
        ...(rust ? ['build-essential'] : []),
        ...packages,
      ]),
    ],
    aptFiles: files,
    python,
    rust,
    native,
    oldScript: oldScript(makefile, tree),
    doubts: makefile.doubts,
  };
}

/** What ran remotely so far, else `all`, else what `make` alone makes. */
function defaultOf(targets: ProposedTarget[], makefile: Makefile): string {
  const names = targets.map(({ name }) => name);
  const wanted = [oldTarget(makefile), 'all', makefile.defaultGoal];
  return wanted.find((name) => name !== undefined && names.includes(name)) ?? names[0] ?? '';
}

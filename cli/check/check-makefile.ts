import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../shared/config/schema.ts';
import { didYouMean } from '../../shared/model/did-you-mean.ts';
import type { Makefile } from '../makefile/makefile.ts';
import { stemOf } from '../makefile/patterns.ts';
import { findMakefile, readMakefile } from '../makefile/read.ts';
import { errorOf, type Finding, warningOf } from './finding.ts';

export interface MakefileCheck {
  /** Name of the Makefile, and the files that it includes, relative to the folder. */
  files: string[];
  /** Configured targets that it has. */
  targets: string[];
  findings: Finding[];
}

type Environment = Record<string, string | undefined>;

/** Whether the Makefile has the configured targets, and leaves the parameters to the request. */
export async function checkMakefile(
  directory: string,
  config: Config,
  env: Environment,
): Promise<MakefileCheck> {
  const file = findMakefile(directory);
  if (!file) return { files: [], targets: [], findings: [errorOf(noMakefile(directory))] };
  const makefile = await readFor(directory, file, config, env);
  const names = wantedTargets(config);
  const missing = names.filter(({ name }) => !hasTarget(makefile, directory, name));
  const isUnsure = makefile.doubts.length > 0;
  return {
    files: makefile.files,
    targets: Object.keys(config.targets).filter((name) => hasTarget(makefile, directory, name)),
    findings: [
      ...missing.map(({ name, field }) => {
        const issue = noTarget(name, field, file, makefile);
        return isUnsure ? warningOf(issue) : errorOf(issue);
      }),
      ...overridden(makefile, config),
      ...makefile.doubts.map((doubt) =>
        warningOf({
          field: file,
          problem: `could not be read with certainty: ${doubt}`,
          remedy: 'Check that make reads it on the VM.',
        }),
      ),
    ],
  };
}

/** make is asked only if something seems to be missing: reading the Makefile runs its `$(shell …)`. */
async function readFor(directory: string, file: string, config: Config, env: Environment): Promise<Makefile> {
  const parsed = await readMakefile(directory, file, { env, usesMake: false });
  const isWhole =
    parsed.doubts.length === 0 &&
    wantedTargets(config).every(({ name }) => hasTarget(parsed, directory, name));
  return isWhole ? parsed : readMakefile(directory, file, { env });
}

function wantedTargets({ targets, provision }: Config): { name: string; field: string }[] {
  return [
    ...Object.keys(targets).map((name) => ({ name, field: `targets.${name}` })),
    ...(provision.native === undefined ? [] : [{ name: provision.native, field: 'provision.native' }]),
  ];
}

function hasTarget({ targets, patterns }: Makefile, directory: string, name: string): boolean {
  return (
    targets.some((target) => target.name === name) ||
    patterns.some(({ target }) => target !== '%' && stemOf(target, name) !== undefined) ||
    // A file without a rule is up to date: make is content with it.
    (name.includes('/') && existsSync(path.join(directory, name)))
  );
}

function overridden({ variables }: Makefile, config: Config): Finding[] {
  const params = [config.params, ...Object.values(config.targets).map((target) => target.params)];
  const names = [...new Set(params.flatMap((declared) => Object.keys(declared)))];
  return names
    .filter((name) => variables.get(name)?.isOverride)
    .map((name) =>
      warningOf({
        field: `params.${name}`,
        problem: 'has no effect, because the Makefile overrides it',
        remedy: `Write "${name} ?=" there instead of "override ${name}", or remove the parameter.`,
      }),
    );
}

function noMakefile(directory: string) {
  return {
    field: directory,
    problem: 'has no Makefile',
    remedy: 'The VM runs a make target: write a Makefile beside vicinity.yaml.',
  };
}

function noTarget(name: string, field: string, file: string, { targets }: Makefile) {
  const known = targets.map((target) => target.name);
  return {
    field,
    problem: `${file} has no target ${name}`,
    remedy: didYouMean(name, known) ?? 'Add the target to the Makefile, or remove it from vicinity.yaml.',
  };
}

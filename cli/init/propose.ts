import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_TARGETS } from '../../shared/config/defaults.ts';
import { RELATIVE_PATH } from '../../shared/config/names.ts';
import type { Makefile, MakeTarget, MakeVariable } from './makefile.ts';

export interface ProposedTarget {
  name: string;
  outputs: string[];
  description: string | undefined;
}

export interface ProposedParam {
  name: string;
  pattern: string;
  /** What the Makefile sets, for people. */
  preset: string;
}

export interface Proposal {
  defaultTarget: string;
  targets: ProposedTarget[];
  params: ProposedParam[];
  /** Files that git ignores and a target wants. */
  inputs: string[];
  pythonRequirements: string | undefined;
  native: string | undefined;
}

/** Targets that are for people at their own desk. */
const HOUSEKEEPING =
  /^(help|clean|distclean|install|uninstall|test|tests|lint|format|fmt|check|docs|dev|serve|venv|setup|all_clean)$|remote|^vicinity_/;
const NATIVE = /^(native|rust|build_native|build-native|native_build)$/;
/** A path of a result in a recipe, such as data/minutes/part.parquet: its first two parts. */
const RESULT = /(?:^|[\s"'=])((?:data|tiles|out|output|outputs|results|build|dist)(?:\/[\w.-]+)?)/g;
const MAX_TARGETS = 12;

/** What a pipeline's vicinity.yaml could say, by its Makefile and the files beside it. */
export function propose(makefile: Makefile, directory: string, ignored: string[]): Proposal {
  const runnable = makefile.targets.filter(
    ({ name, isPhony }) => (isPhony || !name.includes('/')) && !HOUSEKEEPING.test(name) && !NATIVE.test(name),
  );
  const targets = runnable.slice(0, MAX_TARGETS).map((target) => ({
    name: target.name,
    description: target.description,
    outputs: outputsOf(target, makefile.targets),
  }));
  return {
    defaultTarget: defaultOf(targets.map(({ name }) => name)),
    targets,
    params: makefile.variables.filter(isParam).map(paramOf),
    inputs: inputsOf(makefile, directory, ignored),
    pythonRequirements: existsSync(path.join(directory, 'requirements.txt')) ? 'requirements.txt' : undefined,
    native: makefile.targets.find(({ name }) => NATIVE.test(name))?.name,
  };
}

function defaultOf(names: string[]): string {
  return (
    names.find((name) => name in DEFAULT_TARGETS) ?? names.find((name) => name === 'all') ?? names[0] ?? 'all'
  );
}

/** Of a target that the pipeline's own names tell; else the results that it and what it needs write. */
function outputsOf(target: MakeTarget, all: MakeTarget[]): string[] {
  const known = (DEFAULT_TARGETS as Record<string, { outputs: string[] }>)[target.name];
  if (known) return known.outputs;
  const texts =
    target.recipe.length > 0 ? target.recipe : target.prerequisites.filter((word) => word.includes('/'));
  const own = texts.flatMap((text) => [...text.matchAll(RESULT)].map(([, found = '']) => found));
  const collected =
    target.recipe.length === 0 ? neededBy(target, all).flatMap((each) => outputsOf(each, all)) : [];
  const guessed = own.length + collected.length > 0 ? [...own, ...collected] : [`data/${target.name}`];
  return [...new Set(guessed)].filter((output) => RELATIVE_PATH.test(output) && output !== 'build');
}

/** A target without a recipe, such as `all`, stands for those that it needs. */
function neededBy({ name, prerequisites }: MakeTarget, all: MakeTarget[]): MakeTarget[] {
  return all.filter(
    (each) => each.name !== name && prerequisites.includes(each.name) && !each.name.includes('/'),
  );
}

/** Programs, their flags, and what changes how make itself runs: nobody sets them for a run. */
const TOOLS =
  /^(PYTHON\w*|PIP|CC|CXX|\w*FLAGS|SHELL|MAKE\w*|CARGO|DOCKER|VENV|VICINITY\w*|PATH|HOME|ENV|BASH_ENV|IFS|LD_\w+|TARGET|TMPDIR)$/;

function isParam({ name }: MakeVariable): boolean {
  return !TOOLS.test(name);
}

function paramOf({ name, value }: MakeVariable): ProposedParam {
  return { name, preset: value, pattern: patternOf(name, value) };
}

/** As narrow as what is there suggests. */
function patternOf(name: string, value: string): string {
  if (/^\d+$/.test(value) || /^(WORKERS|THREADS|.*_(SHARDS|COUNT|BEST|SIZE))$/.test(name))
    return '[1-9][0-9]{0,3}';
  if (/^\d+\.\d+$/.test(value)) return '[0-9]+(\\.[0-9]+)?';
  return '[A-Za-z0-9][A-Za-z0-9_.,/ -]{0,99}';
}

/** Files that git ignores, that are here, and that a rule names. */
function inputsOf({ targets }: Makefile, directory: string, ignored: string[]): string[] {
  const made = new Set(targets.filter(({ recipe }) => recipe.length > 0).map(({ name }) => name));
  const wanted = targets
    .flatMap(({ prerequisites }) => prerequisites)
    .filter((word) => RELATIVE_PATH.test(word));
  const isInput = (file: string) =>
    ignored.some((entry) => file === entry || (entry.endsWith('/') && file.startsWith(entry))) &&
    statSync(path.join(directory, file), { throwIfNoEntry: false })?.isFile() &&
    !made.has(file);
  return [...new Set(wanted)].filter(isInput);
}

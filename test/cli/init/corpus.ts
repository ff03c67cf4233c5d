import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Proposal, propose } from '../../../cli/init/propose.ts';
import { readTree } from '../../../cli/init/read-tree.ts';
import { findMakefile, readMakefile } from '../../../cli/makefile/read.ts';
import { TestRepository } from '../support/repository.ts';

/** The Makefiles of the corpus, each with what init should propose for it. */
const CORPUS = path.join(import.meta.dirname, '../../fixtures/makefiles');

export const PIPELINES = readdirSync(CORPUS).sort();

interface Expected {
  /** Files that git ignores, made before init reads the folder. */
  ignored?: string[];
  defaultTarget: string;
  /** Outputs by target; 'guess' at the end marks a guess. */
  targets: Record<string, string[]>;
  notProposed: string[];
  params: string[];
  /** Whether something could not be read with certainty. */
  doubts?: boolean;
  keys?: object;
  inputs?: string[];
  missingInputs?: string[];
  apt?: string[];
  pythonRequirements?: string;
  rust?: string;
  native?: string;
  oldScript?: string;
}

/** The pipeline as a git work tree of its own. */
export function openPipeline(name: string): TestRepository {
  const repository = new TestRepository({ README: '' });
  const folder = repository.directory;
  cpSync(path.join(CORPUS, name), folder, { recursive: true });
  rmSync(path.join(folder, 'expected.json'));
  // A .gitignore in the corpus would be one of this repository.
  if (readdirSync(folder).includes('gitignore'))
    renameSync(path.join(folder, 'gitignore'), path.join(folder, '.gitignore'));
  repository.commit();
  for (const file of expectedOf(name).ignored ?? []) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), 'x');
  }
  return repository;
}

export async function proposalFor(directory: string, usesMake: boolean): Promise<Proposal> {
  const file = findMakefile(directory) ?? '';
  const makefile = await readMakefile(directory, file, { env: process.env, usesMake });
  return propose(makefile, await readTree(directory));
}

/** One thing that a proposal should say. */
export interface Fact {
  name: string;
  expected: unknown;
  actual: unknown;
  holds: boolean;
}

export function factsOf(name: string, proposal: Proposal): Fact[] {
  const expected = expectedOf(name);
  const outputs = Object.fromEntries(
    proposal.targets.map(({ name, outputs, isGuess }) => [name, [...outputs, ...(isGuess ? ['guess'] : [])]]),
  );
  const pairs: [string, unknown, unknown][] = [
    ['defaultTarget', expected.defaultTarget, proposal.defaultTarget],
    ['names of the targets', Object.keys(expected.targets).toSorted(), Object.keys(outputs).toSorted()],
    ...Object.entries(expected.targets).map(([target, paths]): [string, unknown, unknown] => [
      `outputs of ${target}`,
      paths.toSorted(),
      outputs[target]?.toSorted(),
    ]),
    ['notProposed', expected.notProposed.toSorted(), namesOf(proposal.leftOut.targets).toSorted()],
    ['params', expected.params, namesOf(proposal.params)],
    ['doubts', expected.doubts ?? false, proposal.doubts.length > 0],
    ['keys', expected.keys ?? {}, proposal.keys],
    ['inputs', expected.inputs ?? [], proposal.inputs.toSorted()],
    ['missingInputs', expected.missingInputs ?? [], proposal.missingInputs.toSorted()],
    ['apt', expected.apt ?? ['make', 'python3'], proposal.apt],
    ['pythonRequirements', expected.pythonRequirements, proposal.python.requirements],
    ['rust', expected.rust, proposal.rust?.toolchain],
    ['native', expected.native, proposal.native],
    ['oldScript', expected.oldScript, proposal.oldScript],
  ];
  return pairs.map(([fact, wanted, actual]) => ({
    name: fact,
    expected: wanted,
    actual,
    holds: isDeepStrictEqual(wanted, actual),
  }));
}

function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(path.join(CORPUS, name, 'expected.json'), 'utf8'));
}

function namesOf(list: { name: string }[]): string[] {
  return list.map(({ name }) => name);
}

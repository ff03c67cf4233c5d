import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CONFIG_FILE, loadConfig } from '../../shared/config/load.ts';
import { describeIssue, InvalidError } from '../../shared/errors.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import { ask } from '../context/ask.ts';
import { type GlobalOptions, type OfflineContext, overridesOf } from '../context/context.ts';
import { packageRoot } from '../context/program-root.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import type { Proposal } from '../init/propose.ts';
import { type Call, describeOffline } from './command.ts';

interface InitOptions {
  force?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

const INCLUDED = 'vicinity.mk';

export function initCommand(call: Call): Command {
  return describeOffline<InitOptions>(
    {
      usage: 'init',
      summary: 'propose a vicinity.yaml for the pipeline in this folder',
      details:
        'Reads the Makefile as make does, and the files beside it: targets with their outputs, variables that a request may set, ' +
        'inputs that git ignores, and what the VM must install. On a terminal it shows the proposal and asks. ' +
        'Writes vicinity.yaml and vicinity.mk, with make targets that push, run, watch and pull. $(shell …) in the Makefile is run, ' +
        'as whenever make reads it; recipes are not.',
      examples: [
        ['vicinity init --dry-run', 'only print the vicinity.yaml'],
        ['vicinity init --project my-project', 'ask, and write both files'],
        ['vicinity init --yes', 'write both files without asking'],
      ],
    },
    call,
    init,
  )
    .option('-n, --dry-run', 'print vicinity.yaml, and write nothing')
    .option('-y, --yes', 'take the proposal without asking')
    .option('--force', 'replace files that are there');
}

async function init(context: OfflineContext, options: InitOptions & GlobalOptions): Promise<ExitCode> {
  const { terminal, host } = context;
  const directory = host.cwd;
  const { force = false, dryRun = false, yes = false } = options;
  if (!dryRun && !force) refuseToReplace(directory);
  const { renderConfig } = await import('../init/render.ts');
  const proposed = await proposal(directory, context, options);
  const asks = !dryRun && !yes && !context.json && host.stdin.isTTY === true;
  if (asks) terminal.data(renderConfig(proposed).trimEnd());
  const { interview } = await import('../init/interview.ts');
  const settled = asks ? await interview(proposed, (question) => ask(host, question)) : proposed;
  const text = renderConfig(settled);
  loadConfig({ text, file: `the proposed ${CONFIG_FILE}`, env: {} });
  if (asks && !(await isAgreed(context))) return EXIT.ok;
  const files = dryRun ? {} : filesOf(settled, text);
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(directory, name), content);
  if (context.json) terminal.json(recordOf(settled, Object.keys(files)) satisfies Output<'init'>);
  else if (dryRun) terminal.data(text.trimEnd());
  if (!dryRun) await conclude(context, settled, Object.keys(files));
  return EXIT.ok;
}

/** Throws InvalidError where the folder has no Makefile, or none with a target for a request. */
async function proposal(
  directory: string,
  { host }: OfflineContext,
  options: GlobalOptions,
): Promise<Proposal> {
  const { findMakefile, readMakefile } = await import('../makefile/read.ts');
  const { readTree } = await import('../init/read-tree.ts');
  const { propose } = await import('../init/propose.ts');
  const file = findMakefile(directory);
  if (!file) throw new InvalidError([noMakefile(directory)]);
  const makefile = await readMakefile(directory, file, { env: host.env });
  const found = propose(makefile, await readTree(directory));
  if (found.targets.length === 0) throw new InvalidError([noTargets(path.join(directory, file), found)]);
  return { ...found, keys: { ...found.keys, ...overridesOf(options) } };
}

async function isAgreed({ host, terminal }: OfflineContext): Promise<boolean> {
  // Ctrl-C and Ctrl-D answer every question with nothing, which is no yes.
  const answer = await ask(host, `Write ${CONFIG_FILE} and ${INCLUDED}? [y/N] `);
  if (/^(?:y|yes)$/i.test(answer)) return true;
  terminal.note('Nothing was written.');
  return false;
}

function filesOf(proposed: Proposal, text: string): Record<string, string> {
  const { packages, requirements } = proposed.python;
  return {
    [CONFIG_FILE]: text,
    [INCLUDED]: includedMakefile(),
    ...(packages &&
      requirements && {
        [requirements]: `# Written by vicinity init, from pyproject.toml.\n${packages.join('\n')}\n`,
      }),
  };
}

/** Says what was written, what is left out, and what `vicinity check` finds. */
async function conclude(
  { terminal, host }: OfflineContext,
  proposed: Proposal,
  files: string[],
): Promise<void> {
  const { checkRepository } = await import('../check/check.ts');
  const { findRepository } = await import('../context/repository.ts');
  const { targets, leftOut, oldScript, missingInputs } = proposed;
  terminal.note(`Wrote ${list(files)}. The targets are ${targets.map(({ name }) => name).join(', ')}.`);
  for (const { name, reason } of leftOut.targets) terminal.note(`Not proposed: ${name} (${reason}).`);
  const guessed = targets.filter(({ isGuess }) => isGuess).map(({ name }) => name);
  if (guessed.length > 0)
    terminal.warn(`The outputs of ${list(guessed)} are a guess: confirm them in ${CONFIG_FILE}.`);
  for (const file of missingInputs)
    terminal.warn(`${file} is not here, but a target needs it. Fetch it, then list it under source.inputs.`);
  for (const doubt of proposed.doubts) terminal.warn(`Not certain: ${doubt}.`);
  if (oldScript)
    terminal.note(
      `${oldScript} drives the VM from this computer. The guide on migrating (docs/guide/migrating.md) says how to replace it.`,
    );
  const { findings } = await checkRepository(findRepository(host.cwd), {
    env: host.env,
    now: host.clock.now(),
  });
  // What was just written is not tracked yet: the last line says so.
  const isNews = (field: string) => field !== 'package' && !files.includes(field);
  for (const finding of findings.filter(({ field }) => isNews(field))) terminal.warn(describeIssue(finding));
  terminal.note(
    `Next: read ${CONFIG_FILE}; add "include ${INCLUDED}" to the Makefile; git add ${files.join(' ')}; then vicinity push and vicinity run --watch.`,
  );
}

function recordOf(proposed: Proposal, files: string[]) {
  const { keys, python, rust, aptFiles: _, native, oldScript, ...rest } = proposed;
  return {
    ...keys,
    ...rest,
    ...(python.requirements && { pythonRequirements: python.requirements }),
    ...(rust && { rust: rust.toolchain }),
    ...(native && { native }),
    ...(oldScript && { oldScript }),
    files,
  };
}

function includedMakefile(): string {
  return readFileSync(path.join(packageRoot(import.meta.dirname), 'cli', INCLUDED), 'utf8');
}

function refuseToReplace(directory: string): void {
  const present = [CONFIG_FILE, INCLUDED].filter((name) => existsSync(path.join(directory, name)));
  if (present.length > 0) throw new InvalidError(present.map(isThere));
}

function list(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function noMakefile(directory: string) {
  return {
    field: directory,
    problem: 'has no Makefile',
    remedy: 'Change to the folder of the pipeline, or write vicinity.yaml by hand.',
  };
}

function noTargets(makefile: string, { leftOut }: Proposal) {
  const names = leftOut.targets.map(({ name, reason }) => `${name} ${reason}`).join('; ');
  return {
    field: makefile,
    problem: `has no target that looks like a step of a pipeline${names && ` (${names})`}`,
    remedy: 'Write vicinity.yaml by hand: docs/reference/configuration.md has its keys.',
  };
}

function isThere(name: string) {
  return { field: name, problem: 'exists already', remedy: 'Keep it, or replace it with --force.' };
}

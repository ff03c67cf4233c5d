import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CONFIG_FILE, loadConfig } from '../../shared/config/load.ts';
import { InvalidError } from '../../shared/errors.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Context } from '../context/context.ts';
import { packageRoot } from '../context/program-root.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

interface InitOptions {
  force?: boolean;
  dryRun?: boolean;
  project?: string;
}

const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];
const INCLUDED = 'vicinity.mk';

export function initCommand(call: Call): Command {
  return describe<InitOptions>(
    {
      usage: 'init',
      summary: 'propose a vicinity.yaml for the pipeline in this folder',
      details:
        'Reads the Makefile, and proposes targets with their outputs, variables that a request may set, and inputs that git ignores. ' +
        'Writes vicinity.yaml and vicinity.mk, with make targets that push, run, watch and pull.',
      examples: [
        ['vicinity init --dry-run', 'only print the vicinity.yaml'],
        ['vicinity init --project my-project', 'write both files'],
      ],
    },
    call,
    init,
  )
    .option('-n, --dry-run', 'print vicinity.yaml, and write nothing')
    .option('--force', 'also over files that are there');
}

async function init(
  context: Context,
  { force = false, dryRun = false, project }: InitOptions,
): Promise<ExitCode> {
  const { readMakefile } = await import('../init/makefile.ts');
  const { propose } = await import('../init/propose.ts');
  const { renderConfig } = await import('../init/render.ts');
  const { terminal, host } = context;
  const directory = host.cwd;
  const makefile = MAKEFILES.map((name) => path.join(directory, name)).find((file) => existsSync(file));
  if (!makefile) throw new InvalidError([noMakefile(directory)]);
  const proposal = propose(
    readMakefile(readFileSync(makefile, 'utf8')),
    directory,
    await ignoredFiles(directory),
  );
  if (proposal.targets.length === 0) throw new InvalidError([noTargets(makefile)]);
  const text = renderConfig(proposal, project);
  // What is written must be what the other commands read.
  loadConfig({ text, env: {} });
  if (context.json) terminal.json(proposal satisfies Output<'init'>);
  else if (dryRun) terminal.data(text.trimEnd());
  if (dryRun) return EXIT.ok;
  const files = { [CONFIG_FILE]: text, [INCLUDED]: includedMakefile() };
  const present = Object.keys(files).filter((name) => existsSync(path.join(directory, name)));
  if (present.length > 0 && !force) throw new InvalidError(present.map(isThere));
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(directory, name), content);
  const names = proposal.targets.map(({ name }) => name).join(', ');
  terminal.note(`Wrote ${CONFIG_FILE} with the targets ${names}, and ${INCLUDED}.`);
  terminal.note(
    `Next: read ${CONFIG_FILE}; add "include ${INCLUDED}" to the Makefile; then vicinity push and vicinity run --watch.`,
  );
  return EXIT.ok;
}

/** None where the folder is in no git work tree: vicinity push will say so. */
async function ignoredFiles(directory: string): Promise<string[]> {
  const { openGit } = await import('../source/git.ts');
  const git = await openGit(directory).catch(() => undefined);
  return (await git?.ignoredFiles()) ?? [];
}

function includedMakefile(): string {
  return readFileSync(path.join(packageRoot(import.meta.dirname), 'cli', INCLUDED), 'utf8');
}

function noMakefile(directory: string) {
  return {
    field: directory,
    problem: 'has no Makefile',
    remedy: 'Change to the folder of the pipeline, or write vicinity.yaml by hand.',
  };
}

function noTargets(makefile: string) {
  return {
    field: makefile,
    problem: 'has no target that looks like a step of a pipeline',
    remedy: 'Write vicinity.yaml by hand: docs/reference/configuration.md has its keys.',
  };
}

function isThere(name: string) {
  return { field: name, problem: 'is there already', remedy: 'Keep it, or replace it with --force.' };
}

#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { PortInUseError } from '../local/ports.ts';
import { UnsupportedHostError } from '../local/vm/host-error.ts';
import { InvalidError } from '../shared/errors.ts';
import { exportLines, pointedHere } from './client-environment.ts';
import { BackgroundStartError } from './detach.ts';
import { down } from './down.ts';
import { DEFAULT_PORT_BASE, HIGHEST_PORT_BASE, PORT_COUNT } from './ports.ts';
import { findRunning } from './running.ts';
import { existingStateDir, stateFlag } from './state-dir.ts';
import type { UpFlags } from './up-command.ts';
import { VM_MODES } from './vm-mode.ts';

// What `up` imports below is a third of its start: Node keeps the compiled modules for the next time.
enableCompileCache();

/** Exit statuses of the `vicinity` command (docs/reference/commands.md). */
const EXIT_WRONG_USAGE = 2;
const EXIT_NOT_FOUND = 4;
const EXIT_OUR_FAULT = 70;

function program(): Command {
  const local = new Command('vicinity local').description('The whole cloud on this computer.').exitOverride();
  local
    .command('up')
    .description('start it, and show what happens')
    .option('--detach', 'start it in the background')
    .option('--state <dir>', 'where it keeps its state (.vicinity-local at the top of the repository)')
    .option(
      '--port-base <n>',
      `first of its ${PORT_COUNT} ports; 0: any free ones`,
      portBase,
      DEFAULT_PORT_BASE,
    )
    .option('--config <file>', 'vicinity.yaml of the pipeline to serve')
    .addOption(
      new Option(
        '--vm <mode>',
        "process: the VM runs this computer's programs; nspawn: a Debian of its own, as root",
      )
        .choices(VM_MODES)
        .default('process'),
    )
    .option('--no-push', 'leave the bucket without source where it has none')
    .option('--empty', 'an empty project, for: vicinity deploy apply')
    .option('--iam', 'an empty project that enforces permissions')
    .addOption(json())
    .action(upCommand);
  local
    .command('env')
    .description('print the variables that point clients to it, for eval')
    .option('--state <dir>', 'its state directory')
    .addOption(json())
    .action(envCommand);
  local
    .command('down')
    .description('end it with its VM and functions; its state stays')
    .option('--state <dir>', 'its state directory')
    .addOption(json())
    .action(downCommand);
  return local;
}

const json = () => new Option('--json', 'print JSON instead of text');

interface StateFlags {
  state?: string;
  json?: boolean;
}

async function upCommand(flags: UpFlags): Promise<void> {
  const command = await import('./up-command.ts');
  await command.up(flags, fileURLToPath(import.meta.url));
}

async function envCommand({ state, json }: StateFlags): Promise<void> {
  const stateDir = state ? resolve(state) : existingStateDir(process.cwd());
  const running = await findRunning(stateDir);
  const env = running?.ready?.env;
  if (env && json) return console.log(JSON.stringify(pointedHere(env, process.env), undefined, 2));
  if (env) return void process.stdout.write(exportLines(env, process.env));
  const problem = running ? 'is still starting' : 'is not running';
  const remedy = `Start it with: vicinity local up --detach${stateFlag(state)}`;
  console.error(`The local cloud of ${stateDir} ${problem}. ${remedy}`);
  process.exitCode = EXIT_NOT_FOUND;
}

async function downCommand({ state, json }: StateFlags): Promise<void> {
  const stateDir = state ? resolve(state) : existingStateDir(process.cwd());
  const pid = await down(stateDir);
  console.error(
    pid
      ? `The local cloud (pid ${pid}) has ended. Its state is kept in ${stateDir}.`
      : `No local cloud is running in ${stateDir}.`,
  );
  if (json) console.log(JSON.stringify({ ended: pid !== undefined, pid, state: stateDir }, undefined, 2));
}

function portBase(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && (port === 0 || (port >= 1024 && port <= HIGHEST_PORT_BASE))) return port;
  throw new InvalidArgumentError(`It must be 0, or a port from 1024 to ${HIGHEST_PORT_BASE}.`);
}

/** Exit status of an error; an error that a person can fix has no stack trace. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_WRONG_USAGE;
  if (error instanceof BackgroundStartError) return printError(error.message, error.exitCode);
  if (error instanceof PortInUseError)
    return printError(`${error.message} ${portRemedy(error)}`, EXIT_WRONG_USAGE);
  if (error instanceof InvalidError || error instanceof UnsupportedHostError)
    return printError(error.message, EXIT_WRONG_USAGE);
  return printError(error, EXIT_OUR_FAULT);
}

function portRemedy({ otherBase }: PortInUseError): string {
  return `Stop that program, or choose other ports: vicinity local up --port-base ${otherBase}`;
}

function printError(problem: unknown, exitCode: number): number {
  console.error(problem);
  return exitCode;
}

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

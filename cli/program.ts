import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Help } from 'commander';
import { cancelCommand } from './commands/cancel.ts';
import { checkCommand } from './commands/check.ts';
import { type Call, examplesText, GLOBAL_OPTIONS, withGlobalOptions } from './commands/command.ts';
import { compareCommand } from './commands/compare.ts';
import { completionCommand } from './commands/completion.ts';
import { dashboardCommand } from './commands/dashboard.ts';
import { deployCommand } from './commands/deploy.ts';
import { doctorCommand } from './commands/doctor.ts';
import { historyCommand } from './commands/history.ts';
import { imageCommand } from './commands/image.ts';
import { initCommand } from './commands/init.ts';
import { localCommand } from './commands/local.ts';
import { logsCommand } from './commands/logs.ts';
import { pullCommand } from './commands/pull.ts';
import { pushCommand } from './commands/push.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { sshCommand } from './commands/ssh.ts';
import { statusCommand } from './commands/status.ts';
import { tuneCommand } from './commands/tune.ts';
import { watchCommand } from './commands/watch.ts';
import type { Host } from './context/host.ts';
import { packageRoot } from './context/program-root.ts';
import { EXIT } from './exit/codes.ts';
import { explain } from './exit/explain.ts';
import { isColoured, painter } from './output/colour.ts';
import { neutralize } from './output/neutralize.ts';

const SYSTEM = 'The system:';
/** By what they are for, as the help lists them. */
const COMMANDS: Record<string, ((call: Call) => Command)[]> = {
  'Runs:': [
    initCommand,
    checkCommand,
    pushCommand,
    runCommand,
    statusCommand,
    watchCommand,
    logsCommand,
    sshCommand,
    cancelCommand,
  ],
  'Results:': [pullCommand, reportCommand, historyCommand, compareCommand, tuneCommand],
  [SYSTEM]: [
    deployCommand,
    doctorCommand,
    scheduleCommand,
    imageCommand,
    dashboardCommand,
    localCommand,
    completionCommand,
  ],
};
const HELP_COLUMNS = 100;
/** Below this, a column of descriptions is not broken into lines. */
const LEAST_DESCRIPTION_COLUMNS = 20;

const EXAMPLES: [string, string][] = [
  ['vicinity push && vicinity run --watch', 'package the sources, run the default target and follow it'],
  ['vicinity pull', 'fetch the results of the newest finished run'],
];

const EXIT_CODES = `Exit codes:
   0  success
   1  the run failed
   2  wrong usage or configuration
   3  refused by the cloud
   4  not found
   5  waited too long
  10  differences or problems found (deploy plan, deploy verify, doctor)`;

/** Runs the command line; returns the exit code. */
export async function runCommandLine(argv: string[], host: Host): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = buildProgram({ host, finish: (code) => (exitCode = code) });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, host);
  }
}

/** Tells a person what went wrong; returns the exit code. */
export function report(error: unknown, { env, stderr }: Host): number {
  const { code, message } = explain(error);
  const isDebugging = env.VICINITY_DEBUG && error instanceof Error;
  const shown = stderr.isTTY ? neutralize(message) : message;
  if (message) stderr.write(`${painter(isColoured(env, stderr))('red', 'error:')} ${shown}\n`);
  if (message && isDebugging) stderr.write(`${error.stack}\n`);
  return code;
}

function buildProgram(call: Call): Command {
  const { host } = call;
  const program = withGlobalOptions(new Command('vicinity').optionsGroup(GLOBAL_OPTIONS))
    .description('Runs a long make target on a Compute Engine VM, without an attached workstation.')
    .version(version(), '-V, --version', 'print the version')
    .commandsGroup(SYSTEM)
    .helpCommand('help [command]', 'show the help of a command')
    .enablePositionalOptions()
    .addHelpText('after', examplesText(EXAMPLES))
    .addHelpText('after', `\n${EXIT_CODES}`);
  for (const [heading, commands] of Object.entries(COMMANDS))
    for (const command of commands) program.addCommand(command(call).helpGroup(heading));
  for (const command of [program, ...withSubcommands(program)]) {
    const name = fullName(command);
    command
      .exitOverride()
      .configureHelp({ minWidthToWrap: LEAST_DESCRIPTION_COLUMNS, subcommandTerm, formatHelp })
      .configureOutput({
        writeOut: (text) => host.stdout.write(text),
        writeErr: (text) => host.stderr.write(text),
        getOutHelpWidth: () => host.stdout.columns ?? HELP_COLUMNS,
        getErrHelpWidth: () => host.stderr.columns ?? HELP_COLUMNS,
      })
      .showHelpAfterError(`See ${name} --help.`);
  }
  return program;
}

/** What all commands have in common comes last. */
function formatHelp(command: Command, help: Help): string {
  const sections = Help.prototype.formatHelp.call(help, command, help).trimEnd().split('\n\n');
  const isGlobal = (section: string) => section.startsWith(GLOBAL_OPTIONS);
  const own = sections.filter((section) => !isGlobal(section));
  return `${[...own, ...sections.filter(isGlobal)].join('\n\n')}\n`;
}

/** `pull [RUN_ID]`: that a command has options goes without saying. */
function subcommandTerm(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...names].join(' ');
}

function withSubcommands({ commands }: Command): Command[] {
  return commands.flatMap((command) => [command, ...withSubcommands(command)]);
}

/** `vicinity deploy plan` */
function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent as Command)} ${command.name()}` : command.name();
}

function version(): string {
  const file = path.join(packageRoot(import.meta.dirname), 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

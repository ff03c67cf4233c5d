import { type AddHelpTextContext, Command, InvalidArgumentError, Option } from 'commander';
import {
  type Context,
  type GlobalOptions,
  type OfflineContext,
  openContext,
  openOffline,
} from '../context/context.ts';
import type { Host } from '../context/host.ts';
import type { ExitCode } from '../exit/codes.ts';

/** Longer than a run with its attempts and its time in the queue takes. No wait is unlimited. */
export const MAX_WATCH_SECONDS = 7 * 86_400;

/** The environment of a call, and how a command reports its exit code. */
export interface Call {
  host: Host;
  finish(code: number): void;
}

export interface Description {
  /** Name and arguments, as commander takes them: `status [RUN_ID]`. */
  usage: string;
  summary: string;
  /** A paragraph below the summary. */
  details?: string;
  /** Example calls, each with its effect. */
  examples: [call: string, effect: string][];
}

/** A command with examples in its help. Opens the context before its action. */
export function describe<Options extends object>(
  description: Description,
  call: Call,
  action: (context: Context, options: Options, ...args: string[]) => Promise<ExitCode>,
): Command {
  return build(description, call, openContext, action);
}

/** A command that works where vicinity.yaml is missing or broken: its action reads the file itself. */
export function describeOffline<Options extends object>(
  description: Description,
  call: Call,
  action: (context: OfflineContext, options: Options & GlobalOptions, ...args: string[]) => Promise<ExitCode>,
): Command {
  return build(description, call, openOffline, action);
}

function build<Opened extends OfflineContext, Options extends object>(
  { usage, summary, details, examples }: Description,
  call: Call,
  open: (host: Host, options: GlobalOptions) => Opened,
  action: (context: Opened, options: Options & GlobalOptions, ...args: string[]) => Promise<ExitCode>,
): Command {
  const command = new Command(usage.split(' ')[0])
    .summary(summary)
    .description(`${capitalized(summary)}.${details ? `\n\n${details}` : ''}`)
    .addHelpText('after', examplesText(examples));
  for (const argument of usage.split(' ').slice(1)) command.argument(argument);
  return withGlobalOptions(command).action(async () => {
    const options = command.optsWithGlobals<Options & GlobalOptions>();
    const context = open(call.host, options);
    try {
      call.finish(await action(context, options, ...command.args));
    } finally {
      context.terminal.live.clear();
    }
  });
}

export const GLOBAL_OPTIONS = 'Global options:';

/** Every command takes these, before or after its name. */
export function withGlobalOptions(command: Command): Command {
  const options = [
    new Option('--json', 'print JSON instead of text'),
    new Option('--config <file>', 'configuration file (default: vicinity.yaml, here or above)'),
    new Option('--project <id>', 'Google Cloud project'),
    new Option('--zone <zone>', 'zone of the VM'),
    new Option('--instance <name>', 'name of the VM'),
    new Option('--bucket <name>', 'bucket with the runs'),
  ];
  for (const option of options) command.addOption(option.helpGroup(GLOBAL_OPTIONS));
  return command.addHelpOption(new Option('-h, --help', 'show this help').helpGroup(GLOBAL_OPTIONS));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The examples at the end of a help: each effect beside its call, or below it on a narrow terminal. */
export function examplesText(examples: [string, string][]): (context: AddHelpTextContext) => string {
  return ({ command }) => {
    const widest = Math.max(...examples.map(([call]) => call.length));
    const beside = examples.map(([call, effect]) => `  ${call.padEnd(widest)}  ${effect}`);
    const width = command.configureOutput().getOutHelpWidth?.() ?? 0;
    const fits = beside.every((line) => line.length <= width);
    const lines = fits ? beside : examples.map(([call, effect]) => `  ${call}\n      ${effect}`);
    return ['\nExamples:', ...lines].join('\n');
  };
}

/** Parses an option in seconds. Throws InvalidArgumentError for anything else. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('Use a number of seconds, such as 120.');
}

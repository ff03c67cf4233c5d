import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { Command } from 'commander';
import { siblingProgram } from '../context/program-root.ts';
import { type Call, examplesText } from './command.ts';

/** Starts a program of its own and passes everything after `local` on to it. */
export function localCommand({ finish }: Call): Command {
  return new Command('local')
    .summary('run the whole system on this machine: up, down, env')
    .description('Runs the whole system on this machine, on 127.0.0.1 only. See vicinity local --help.')
    .argument('[arguments...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText(
      'after',
      examplesText([
        ['vicinity local up', 'start it, in the foreground'],
        ['eval "$(vicinity local env)"', "point this shell, and all of Google's tools, to it"],
        ['vicinity local down', 'stop it'],
      ]),
    )
    .action(async (args: string[], _options: object, command: Command) => {
      const json = command.optsWithGlobals<{ json?: boolean }>().json ? ['--json'] : [];
      finish(await runProgram(siblingProgram('sandbox'), [...args, ...json]));
    });
}

/** Exit code of the program, or 128 plus the signal that ended it. Signals of a terminal reach the program directly. */
async function runProgram(program: string, args: string[]): Promise<number> {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals) => {
    if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, forward);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
}

import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.ts';
import { EXIT } from '../exit/codes.ts';
import { type Call, examplesText } from './command.ts';

/** Needs no configuration, because the start-up file of a shell calls it. */
export function completionCommand({ host, finish }: Call): Command {
  const command = new Command('completion')
    .helpOption('-h, --help', 'show this help')
    .summary('print a completion script for a shell')
    .description('Prints a script that completes commands and options in a shell.')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(SHELLS))
    .addHelpText(
      'after',
      examplesText([
        ['eval "$(vicinity completion bash)"', 'in ~/.bashrc'],
        ['source <(vicinity completion zsh)', 'in ~/.zshrc, after compinit'],
        ['vicinity completion fish | source', 'in config.fish'],
      ]),
    );
  return command.action((shell: Shell) => {
    host.stdout.write(`${completionScript(shell, command.parent ?? command)}\n`);
    finish(EXIT.ok);
  });
}

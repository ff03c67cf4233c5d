import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.ts';
import { EXIT } from '../exit/codes.ts';
import { type Call, examplesText } from './command.ts';

/** Needs no configuration: it is called from a shell's own start file. */
export function completionCommand({ host, finish }: Call): Command {
  const command = new Command('completion')
    .helpOption('-h, --help', 'show this help')
    .summary("print a script for the shell's completion")
    .description("Prints a script for the shell's completion of commands and options.")
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

import { type Command, Option } from 'commander';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

interface SshOptions {
  hold: boolean;
  release?: boolean;
  dryRun?: boolean;
}

export function sshCommand(call: Call): Command {
  return describe<SshOptions>(
    {
      usage: 'ssh [command...]',
      summary: 'open a shell on the VM, and keep the VM on meanwhile',
      details:
        'Prints and runs the calls of gcloud. First the VM is put on hold, so that neither its startup script nor the control plane ' +
        'stops it under you; it costs money until it is released.',
      examples: [
        ['vicinity ssh', 'a shell'],
        ['vicinity ssh --no-hold -- tail -f /var/log/syslog', 'one command, without keeping the VM on'],
        ['vicinity ssh --release', 'let the VM be stopped again'],
      ],
    },
    call,
    ssh,
  )
    .option('--no-hold', 'do not keep the VM on')
    .addOption(new Option('--release', 'end the hold, and open no shell').conflicts('hold'))
    .option('-n, --dry-run', 'only print the calls');
}

async function ssh(
  context: Context,
  { hold, release, dryRun }: SshOptions,
  ...command: string[]
): Promise<ExitCode> {
  const { runGcloud, shellWords } = await import('../vm/gcloud.ts');
  const { holdCalls, releaseCalls, shellCall } = await import('../vm/calls.ts');
  const { config, terminal, host, json } = context;
  const shell = shellCall(config, command);
  const calls = release ? releaseCalls(config) : [...(hold ? holdCalls(config) : []), shell];
  if (dryRun) {
    if (json) terminal.json({ calls } satisfies Output<'ssh'>);
    else terminal.data(calls.map((args) => `gcloud ${shellWords(args)}`).join('\n'));
    return EXIT.ok;
  }
  for (const args of calls) {
    terminal.note(`gcloud ${shellWords(args)}`);
    const code = await runGcloud(args, host.env);
    if (code !== 0) return args === shell ? shellEnded(context, code, hold) : refused(context, code);
  }
  if (release) terminal.note(`${config.instance} is released: it is stopped once it has no run.`);
  else if (hold) terminal.note(`${config.instance} stays on, and costs money, until: vicinity ssh --release`);
  return EXIT.ok;
}

/** A shell's own last exit code is nobody's failure. */
function shellEnded({ terminal, config }: Context, code: number, hold: boolean): ExitCode {
  const still = hold ? ` ${config.instance} stays on until: vicinity ssh --release` : '';
  terminal.note(`The shell ended with ${code}.${still}`);
  return EXIT.runFailed;
}

function refused({ terminal, config }: Context, code: number): ExitCode {
  terminal.warn(`gcloud ended with ${code}. Is the account allowed to change ${config.instance}?`);
  return EXIT.refused;
}

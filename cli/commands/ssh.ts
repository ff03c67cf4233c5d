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
      summary: 'open a shell on the VM, and keep the VM on',
      details:
        'Prints and runs gcloud commands. First sets a hold on the VM, so that neither its startup script nor the control plane ' +
        'stops it. The VM costs money until you release the hold.',
      examples: [
        ['vicinity ssh', 'open a shell'],
        ['vicinity ssh --no-hold -- tail -f /var/log/syslog', 'run one command without a hold'],
        ['vicinity ssh --release', 'release the hold'],
      ],
    },
    call,
    ssh,
  )
    .option('--no-hold', 'set no hold')
    .addOption(new Option('--release', 'release the hold; open no shell').conflicts('hold'))
    .option('-n, --dry-run', 'only print the commands');
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
  if (release) terminal.note(`${config.instance} is released. It stops once it has no run.`);
  else if (hold)
    terminal.note(`${config.instance} stays on and costs money until you run: vicinity ssh --release`);
  return EXIT.ok;
}

/** The exit code of a shell is that of its last command, so it is reported and no error. */
function shellEnded({ terminal, config }: Context, code: number, hold: boolean): ExitCode {
  const still = hold ? ` ${config.instance} stays on until you run: vicinity ssh --release` : '';
  terminal.note(`The shell exited with code ${code}.${still}`);
  return EXIT.runFailed;
}

function refused({ terminal, config }: Context, code: number): ExitCode {
  terminal.warn(`gcloud exited with code ${code}. Check that your account may change ${config.instance}.`);
  return EXIT.refused;
}

import { Command } from 'commander';
import type { DeployCall, DeployProgram } from '../../shared/ports/deploy-program.ts';
import type { Context } from '../context/context.ts';
import { siblingProgram } from '../context/program-root.ts';
import { type Call, describe, examplesText, seconds } from './command.ts';

const WAIT_SECONDS = 180;

/** The system in a Google Cloud project: what is missing there, making it, checking it, removing it. */
export function deployCommand(call: Call): Command {
  const deploy = new Command('deploy')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .summary('set the system up in a Google Cloud project')
    .description('Sets the system up in a Google Cloud project, from one table of everything that it needs.')
    .addHelpText(
      'after',
      examplesText([
        ['vicinity deploy plan', 'what is not there yet, or not as it should be'],
        ['vicinity deploy apply', 'make it so'],
        ['vicinity deploy secret < webhook.txt', "tell it the Slack webhook's URL"],
        ['vicinity deploy verify', 'check it, with a message through every function'],
      ]),
    );
  for (const command of [planCommand, applyCommand, secretCommand, verifyCommand, destroyCommand])
    deploy.addCommand(command(call));
  return deploy;
}

function planCommand(call: Call): Command {
  return describe<{ gcloud?: boolean }>(
    {
      usage: 'plan',
      summary: 'show how the project differs from what the system needs',
      details: 'Changes nothing. Exit code 10 where there is a difference, 0 where there is none.',
      examples: [
        ['vicinity deploy plan', 'what apply would do'],
        ['vicinity deploy plan --gcloud > deploy.sh', 'the same as gcloud commands, to read before they run'],
      ],
    },
    call,
    async (context, { gcloud = false }) => (await deployProgram()).plan(deployCall(context), { gcloud }),
  ).option('--gcloud', 'print gcloud commands that do it');
}

function applyCommand(call: Call): Command {
  return describe(
    {
      usage: 'apply',
      summary: 'make and change what the plan shows',
      details:
        'A repetition does nothing, and one after an interruption goes on where it was. An existing instance is adopted: its disk, ' +
        'machine type and other metadata stay.',
      examples: [['vicinity deploy apply', 'takes some minutes the first time: functions are built']],
    },
    call,
    async (context) => (await deployProgram()).apply(deployCall(context)),
  );
}

function secretCommand(call: Call): Command {
  return describe(
    {
      usage: 'secret',
      summary: "take the Slack webhook's URL, or a bot's token, from standard input into Secret Manager",
      details:
        'It is on no command line, in no environment and in no log. The functions read it when they need it; former versions are destroyed.',
      examples: [['vicinity deploy secret < webhook.txt', 'from a file; without one it is asked for']],
    },
    call,
    async (context) => {
      const { readSecret } = await import('../context/ask.ts');
      const url = await readSecret(context.host, 'Slack webhook URL or bot token: ');
      return (await deployProgram()).setWebhook(deployCall(context), url);
    },
  );
}

function verifyCommand(call: Call): Command {
  return describe<{ canary: boolean; waitSeconds: number }>(
    {
      usage: 'verify',
      summary: 'check what is deployed, with a canary message through every function',
      details: 'No VM is started and nobody is told. Exit code 10 where something is not as it should be.',
      examples: [['vicinity deploy verify', 'after apply, or when in doubt']],
    },
    call,
    async (context, options) => (await deployProgram()).verify(deployCall(context), options),
  )
    .option('--no-canary', 'only read, send no message')
    .option('--wait-seconds <n>', 'how long to wait for the canary', seconds, WAIT_SECONDS);
}

function destroyCommand(call: Call): Command {
  return describe<{ results?: boolean; yes?: boolean }>(
    {
      usage: 'destroy',
      summary: 'remove what apply made',
      details: 'Asks first. The VM, its disk and the bucket with its results stay.',
      examples: [
        ['vicinity deploy destroy', 'everything but results and VM'],
        ['vicinity deploy destroy --results', 'and the bucket with everything in it'],
      ],
    },
    call,
    async (context, { results = false, yes = false }) => {
      const { ask } = await import('../context/ask.ts');
      const confirm = (question: string) => ask(context.host, question);
      return (await deployProgram()).destroy(deployCall(context), { results, yes, confirm });
    },
  )
    .option('--results', 'delete the bucket too, with every result in it')
    .option('-y, --yes', 'do not ask');
}

/** The deploy program, which is not imported: it is found where the package has it. */
export async function deployProgram(): Promise<DeployProgram> {
  const { program } = (await import(siblingProgram('deploy'))) as { program: DeployProgram };
  return program;
}

export function deployCall({ config, host, terminal, json }: Context): DeployCall {
  return { config, env: host.env, clock: host.clock, screen: terminal, json, user: host.user };
}

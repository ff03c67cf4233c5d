import { Command } from 'commander';
import type { DeployCall, DeployProgram } from '../../shared/ports/deploy-program.ts';
import type { Context } from '../context/context.ts';
import { siblingProgram } from '../context/program-root.ts';
import { type Call, describe, examplesText, seconds } from './command.ts';

const WAIT_SECONDS = 180;

/** Plans, applies, verifies and removes the system in a Google Cloud project. */
export function deployCommand(call: Call): Command {
  const deploy = new Command('deploy')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .summary('set the system up in a Google Cloud project')
    .description('Sets the system up in a Google Cloud project, from one table of all its resources.')
    .addHelpText(
      'after',
      examplesText([
        ['vicinity deploy plan', 'show what is missing or different'],
        ['vicinity deploy apply', 'create and change it'],
        ['vicinity deploy secret < webhook.txt', 'store the Slack webhook URL'],
        ['vicinity deploy verify', 'check it with a message through every function'],
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
      details: 'Changes nothing. Exits with 10 if there is a difference, otherwise with 0.',
      examples: [
        ['vicinity deploy plan', 'show what apply would do'],
        ['vicinity deploy plan --gcloud > deploy.sh', 'print gcloud commands to review first'],
      ],
    },
    call,
    async (context, { gcloud = false }) => (await deployProgram()).plan(deployCall(context), { gcloud }),
  ).option('--gcloud', 'print equivalent gcloud commands');
}

function applyCommand(call: Call): Command {
  return describe<{ yes?: boolean }>(
    {
      usage: 'apply',
      summary: 'create and change what the plan shows',
      details:
        'On a terminal, shows the plan and asks first; elsewhere it needs --yes. Running it again changes nothing; after an ' +
        'interruption it continues. An existing VM is adopted: its disk, machine type and other metadata are kept.',
      examples: [
        ['vicinity deploy apply', 'takes some minutes the first time, to build the functions'],
        ['vicinity deploy apply --yes', 'do not ask, for scripts'],
      ],
    },
    call,
    async (context, { yes = false }) => {
      const { ask } = await import('../context/ask.ts');
      const confirm = (question: string) => ask(context.host, question);
      const canAsk = context.host.stdin.isTTY === true && !context.json;
      return (await deployProgram()).apply(deployCall(context), { yes, ...(canAsk && { confirm }) });
    },
  ).option('-y, --yes', 'do not ask');
}

function secretCommand(call: Call): Command {
  return describe(
    {
      usage: 'secret',
      summary: 'store the Slack webhook URL or bot token in Secret Manager',
      details:
        'Reads it from standard input: it appears in no command line, environment or log. Earlier versions are destroyed.',
      examples: [['vicinity deploy secret < webhook.txt', 'from a file; without one, you are asked']],
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
      summary: 'check the deployment with a canary message through every function',
      details: 'Starts no VM and sends no notification. Exits with 10 if a check fails.',
      examples: [['vicinity deploy verify', 'after apply, or when something looks wrong']],
    },
    call,
    async (context, options) => (await deployProgram()).verify(deployCall(context), options),
  )
    .option('--no-canary', 'check the resources only; send no message')
    .option('--wait-seconds <n>', 'how long to wait for the canary', seconds, WAIT_SECONDS);
}

function destroyCommand(call: Call): Command {
  return describe<{ results?: boolean; yes?: boolean }>(
    {
      usage: 'destroy',
      summary: 'remove what apply created',
      details: 'Asks first. Keeps the VM, its disk, and the bucket with the results.',
      examples: [
        ['vicinity deploy destroy', 'remove everything except results and VM'],
        ['vicinity deploy destroy --results', 'also delete the bucket with all results'],
      ],
    },
    call,
    async (context, { results = false, yes = false }) => {
      const { ask } = await import('../context/ask.ts');
      const confirm = (question: string) => ask(context.host, question);
      return (await deployProgram()).destroy(deployCall(context), { results, yes, confirm });
    },
  )
    .option('--results', 'also delete the bucket with all results')
    .option('-y, --yes', 'do not ask');
}

/** The deploy program, a bundle of its own: found in the package at run time. */
export async function deployProgram(): Promise<DeployProgram> {
  const { program } = (await import(siblingProgram('deploy'))) as { program: DeployProgram };
  return program;
}

export function deployCall({ config, host, terminal, json }: Context): DeployCall {
  return { config, env: host.env, clock: host.clock, screen: terminal, json, user: host.user };
}

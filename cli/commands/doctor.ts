import type { Command } from 'commander';
import { type Call, describe } from './command.ts';
import { deployCall, deployProgram } from './deploy.ts';

export function doctorCommand(call: Call): Command {
  return describe(
    {
      usage: 'doctor',
      summary: 'say what is wrong with the project, and what mends it',
      details:
        'Changes nothing. Exit code 10 where something is wrong. Also tells what the system costs while nothing runs.',
      examples: [['vicinity doctor', 'account, quota, VM, subscriptions, webhook …']],
    },
    call,
    async (context) => (await deployProgram()).doctor(deployCall(context)),
  );
}

import type { Command } from 'commander';
import { type Call, describe } from './command.ts';
import { deployCall, deployProgram } from './deploy.ts';

export function doctorCommand(call: Call): Command {
  return describe(
    {
      usage: 'doctor',
      summary: 'check the project, and say how to fix each problem',
      details:
        'Changes nothing. Exits with 10 if it finds a problem. Also shows the cost while nothing runs.',
      examples: [['vicinity doctor', 'check account, quota, VM, subscriptions, Slack …']],
    },
    call,
    async (context) => (await deployProgram()).doctor(deployCall(context)),
  );
}

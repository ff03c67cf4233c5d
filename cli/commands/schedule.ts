import { Command } from 'commander';
import type { ScheduleProgram } from '../../shared/ports/deploy-program.ts';
import { type Call, describe, examplesText } from './command.ts';
import { deployCall, deployProgram } from './deploy.ts';

/** Cloud Scheduler's jobs: when a run is asked for by itself. */
export function scheduleCommand(call: Call): Command {
  const schedule = new Command('schedule')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .summary('see, change, pause and fire the scheduled runs')
    .description('Sees, changes, pauses and fires the runs that Cloud Scheduler asks for.')
    .addHelpText(
      'after',
      examplesText([
        ['vicinity schedule show', 'the jobs with their next firings'],
        ['vicinity schedule pause weekly', 'nothing is asked for until it is resumed'],
      ]),
    );
  const commands = [
    showCommand(call),
    setCommand(call),
    named(call, 'pause', 'ask for nothing until it is resumed', 'nothing counts as missed meanwhile'),
    named(call, 'resume', 'ask for runs again', 'from its next time on'),
    named(call, 'run', 'ask for a run now, in addition', 'as if it were its time'),
  ];
  for (const command of commands) schedule.addCommand(command);
  return schedule;
}

function showCommand(call: Call): Command {
  return describe(
    {
      usage: 'show',
      summary: 'show the jobs, their state and their next firings',
      examples: [['vicinity schedule show', 'each by its own time zone']],
    },
    call,
    async (context) => (await deployProgram()).schedule.show(deployCall(context)),
  );
}

function setCommand(call: Call): Command {
  return describe<{ cron?: string; timeZone?: string }>(
    {
      usage: 'set <NAME>',
      summary: 'change when a run is asked for',
      details: 'vicinity.yaml should say the same: the next apply makes the job what it says there.',
      examples: [["vicinity schedule set weekly --cron '0 5 * * 2'", 'Tuesdays at 05:00']],
    },
    call,
    async (context, { cron, timeZone }, name = '') =>
      (await deployProgram()).schedule.set(deployCall(context), name, {
        ...(cron !== undefined && { cron }),
        ...(timeZone !== undefined && { timeZone }),
      }),
  )
    .option('--cron <cron>', 'five fields of unix cron')
    .option('--time-zone <zone>', 'whose clock it follows, such as America/New_York');
}

type Verb = Exclude<keyof ScheduleProgram, 'show' | 'set'>;

function named(call: Call, verb: Verb, summary: string, effect: string): Command {
  return describe(
    { usage: `${verb} <NAME>`, summary, examples: [[`vicinity schedule ${verb} weekly`, effect]] },
    call,
    async (context, _options, name = '') => (await deployProgram()).schedule[verb](deployCall(context), name),
  );
}

import { Command } from 'commander';
import type { ScheduleProgram } from '../../shared/ports/deploy-program.ts';
import { type Call, describe, examplesText } from './command.ts';
import { deployCall, deployProgram } from './deploy.ts';

/** Cloud Scheduler jobs, which start runs at fixed times. */
export function scheduleCommand(call: Call): Command {
  const schedule = new Command('schedule')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .summary('show, change, pause and run schedules')
    .description('Shows, changes, pauses and runs the jobs of Cloud Scheduler.')
    .addHelpText(
      'after',
      examplesText([
        ['vicinity schedule show', 'show the jobs with their next times'],
        ['vicinity schedule pause weekly', 'start no runs until it is resumed'],
      ]),
    );
  const commands = [
    showCommand(call),
    setCommand(call),
    named(call, 'pause', 'start no runs until it is resumed', 'paused times do not count as missed'),
    named(call, 'resume', 'start runs again', 'continue with its next time'),
    named(call, 'run', 'start a run now, in addition', 'as if it were its time'),
  ];
  for (const command of commands) schedule.addCommand(command);
  return schedule;
}

function showCommand(call: Call): Command {
  return describe(
    {
      usage: 'show',
      summary: 'show the jobs, their state and their next times',
      examples: [['vicinity schedule show', 'each in its own time zone']],
    },
    call,
    async (context) => (await deployProgram()).schedule.show(deployCall(context)),
  );
}

function setCommand(call: Call): Command {
  return describe<{ cron?: string; timeZone?: string }>(
    {
      usage: 'set <NAME>',
      summary: 'change the time of a schedule',
      details: 'Change vicinity.yaml as well: the next deploy apply restores what it says.',
      examples: [["vicinity schedule set weekly --cron '0 5 * * 2'", 'Tuesdays at 05:00']],
    },
    call,
    async (context, { cron, timeZone }, name = '') =>
      (await deployProgram()).schedule.set(deployCall(context), name, {
        ...(cron !== undefined && { cron }),
        ...(timeZone !== undefined && { timeZone }),
      }),
  )
    .option('--cron <cron>', 'five fields of Unix cron')
    .option('--time-zone <zone>', 'time zone of the times, such as America/New_York');
}

type Verb = Exclude<keyof ScheduleProgram, 'show' | 'set'>;

function named(call: Call, verb: Verb, summary: string, effect: string): Command {
  return describe(
    { usage: `${verb} <NAME>`, summary, examples: [[`vicinity schedule ${verb} weekly`, effect]] },
    call,
    async (context, _options, name = '') => (await deployProgram()).schedule[verb](deployCall(context), name),
  );
}

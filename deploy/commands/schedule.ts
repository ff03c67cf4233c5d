import { InvalidError, NotFoundError } from '../../shared/errors.ts';
import { storageObjects } from '../../shared/google/storage-objects.ts';
import type { DeployCall, DeployExit } from '../../shared/ports/deploy-program.ts';
import { cronIssue, nextFiring } from '../../shared/schedule/cron.ts';
import { scheduleJobId } from '../../shared/schedule/job.ts';
import { changeRecord } from '../../shared/schedule/record.ts';
import { isTimeZone } from '../../shared/schedule/time-zone.ts';
import { type Job, type Jobs, scheduledJobs } from '../google/jobs.ts';
import { connectionOf } from '../project-table.ts';
import { schedules } from '../table/schedules.ts';
import { jobRecord, jobsView, localTime } from '../view/schedule-view.ts';

/** The jobs of vicinity.yaml and the system's own, with their next firings. */
export async function show(call: DeployCall): Promise<DeployExit> {
  const { config, screen, json, clock } = call;
  const jobs = jobsOf(call);
  const ids = schedules(config).map(({ name }) => name);
  const found: { id: string; job: Job | undefined }[] = [];
  for (const id of ids) found.push({ id, job: await jobs.find(id) });
  if (json) screen.json(found.map(({ id, job }) => jobRecord(id, job, clock.now())));
  else screen.data(jobsView(found, clock.now(), screen.paint));
  if (Object.keys(config.schedules).length === 0)
    screen.note('vicinity.yaml has no schedules: docs/reference/configuration.md shows one.');
  return 0;
}

/** Changes when a job fires. vicinity.yaml should say the same, or the next apply takes it back. */
export async function set(
  call: DeployCall,
  name: string,
  { cron, timeZone }: { cron?: string; timeZone?: string },
): Promise<DeployExit> {
  checkTiming(cron, timeZone);
  const { config, screen, json, clock } = call;
  const jobs = jobsOf(call);
  const before = await required(jobs, name);
  const after = await jobs.retime(scheduleJobId(name), {
    cron: cron ?? before.cron,
    timeZone: timeZone ?? before.timeZone,
  });
  if (json) screen.json(jobRecord(scheduleJobId(name), after, clock.now()));
  else screen.data(`${name} fires at ${after.cron} (${after.timeZone}), next ${next(after, clock.now())}.`);
  const configured = config.schedules[name];
  if (configured?.cron !== after.cron || configured.timeZone !== after.timeZone)
    screen.warn(yamlHint(name, after));
  return 0;
}

/** Nothing is asked for, and nothing counts as missed, until it is resumed. */
export async function pause(call: DeployCall, name: string): Promise<DeployExit> {
  const { config, clock, user } = call;
  const jobs = jobsOf(call);
  await required(jobs, name);
  const job = await jobs.pause(scheduleJobId(name));
  const at = clock.now().toISOString();
  await changeRecord(storageObjects(config.bucket, config.project), name, async (record) => ({
    cron: job.cron,
    timeZone: job.timeZone,
    checkedUntil: at,
    ...record,
    paused: { at, by: user },
  }));
  return fired(call, name, job, `${name} is paused. Resume it with vicinity schedule resume ${name}.`);
}

export async function resume(call: DeployCall, name: string): Promise<DeployExit> {
  const { config, clock } = call;
  const jobs = jobsOf(call);
  await required(jobs, name);
  const job = await jobs.resume(scheduleJobId(name));
  await changeRecord(storageObjects(config.bucket, config.project), name, async (record) => {
    if (!record?.paused) return undefined;
    const { paused: _, ...rest } = record;
    return { ...rest, checkedUntil: clock.now().toISOString() };
  });
  return fired(call, name, job, `${name} fires again, next ${next(job, clock.now())}.`);
}

/** Fires it now, in addition to its times. */
export async function run(call: DeployCall, name: string): Promise<DeployExit> {
  const jobs = jobsOf(call);
  const job = await required(jobs, name);
  await jobs.run(scheduleJobId(name));
  return fired(call, name, job, `${name} was fired. vicinity status shows its run.`);
}

function fired({ screen, json, clock }: DeployCall, name: string, job: Job, text: string): DeployExit {
  if (json) screen.json(jobRecord(scheduleJobId(name), job, clock.now()));
  else screen.data(text);
  return 0;
}

function jobsOf(call: DeployCall): Jobs {
  return scheduledJobs(connectionOf(call));
}

async function required(jobs: Jobs, name: string): Promise<Job> {
  const job = await jobs.find(scheduleJobId(name));
  if (job) return job;
  throw new NotFoundError(
    `There is no Cloud Scheduler job ${scheduleJobId(name)}. Name the schedule under schedules in vicinity.yaml, then vicinity deploy apply.`,
  );
}

function checkTiming(cron: string | undefined, timeZone: string | undefined): void {
  const fault = cron === undefined ? undefined : cronIssue(cron);
  const issues = [
    ...(fault ? [{ field: '--cron', problem: fault, remedy: 'Mondays at 03:00 are "0 3 * * 1".' }] : []),
    ...(timeZone !== undefined && !isTimeZone(timeZone)
      ? [
          {
            field: '--time-zone',
            problem: `${timeZone} is not in the tz database`,
            remedy: 'Name one such as Europe/Paris.',
          },
        ]
      : []),
    ...(cron === undefined && timeZone === undefined
      ? [
          {
            field: 'schedule set',
            problem: 'has nothing to set',
            remedy: 'Pass --cron, --time-zone, or both.',
          },
        ]
      : []),
  ];
  if (issues.length > 0) throw new InvalidError(issues);
}

function next({ cron, timeZone }: Job, now: Date): string {
  return localTime(nextFiring({ cron, timeZone }, now), { timeZone });
}

function yamlHint(name: string, { cron, timeZone }: Job): string {
  const lines = ['schedules:', `  ${name}:`, `    cron: "${cron}"`, `    timeZone: ${timeZone}`];
  return `vicinity.yaml says otherwise, and the next vicinity deploy apply would take this back. Write there:\n${lines.join('\n')}`;
}

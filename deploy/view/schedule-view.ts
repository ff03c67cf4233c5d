import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Screen } from '../../shared/ports/screen.ts';
import { nextFiring } from '../../shared/schedule/cron.ts';
import type { Job } from '../google/jobs.ts';

const NEXT_FIRINGS = 3;

/** The jobs as a person reads them, with their next firings by their own clock. */
export function jobsView(
  jobs: { id: string; job: Job | undefined }[],
  now: Date,
  paint: Screen['paint'],
): string {
  return jobs.map(({ id, job }) => jobLines(id, job, now, paint).join('\n')).join('\n\n');
}

/** A job as a program reads it. */
export function jobRecord(id: string, job: Job | undefined, now: Date): Output<'job'> {
  if (!job) return { job: id, exists: false };
  return {
    job: id,
    exists: true,
    ...job,
    next: job.isPaused ? [] : firings(job, now).map((at) => at.toISOString()),
  };
}

function jobLines(id: string, job: Job | undefined, now: Date, paint: Screen['paint']): string[] {
  if (!job) return [`${paint('bold', id)}  ${paint('red', 'is missing')}: vicinity deploy apply makes it`];
  const state = job.isPaused ? paint('yellow', 'paused') : paint('green', 'on');
  const last = job.lastAttemptAt
    ? `${job.lastAttemptAt}${job.lastError ? `, failed: ${job.lastError}` : ''}`
    : 'never';
  return [
    `${paint('bold', id)}  ${job.cron}  ${job.timeZone}  ${state}`,
    `  last  ${last}`,
    ...(job.isPaused
      ? []
      : firings(job, now).map((at, index) => `  ${index === 0 ? 'next' : '    '}  ${localTime(at, job)}`)),
  ];
}

function firings(job: Job, now: Date): Date[] {
  const found: Date[] = [];
  for (let at = now; found.length < NEXT_FIRINGS; found.push(at)) at = nextFiring(job, at);
  return found;
}

/** `Mon, 30 Nov 2026, 03:00 EST` */
export function localTime(at: Date, { timeZone }: Pick<Job, 'timeZone'>): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);
}

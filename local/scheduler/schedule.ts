import { Cron } from 'croner';
import { invalid, notImplemented } from '../http/api-error.ts';
import { cronFieldIssue } from './cron-fields.ts';
import { isTimeZone } from './time-zone.ts';

/** The first firing of the schedule after `after`. Throws 400 for a schedule or a time zone that Cloud Scheduler refuses. */
export function nextFiring(schedule: string, timeZone: string, after: Date): Date {
  if (!isTimeZone(timeZone))
    throw invalid(
      `The time zone ${JSON.stringify(timeZone)} is not in the tz database; Europe/Paris, for example, is.`,
    );
  if (/^every\s/i.test(schedule))
    throw notImplemented(`the schedule ${JSON.stringify(schedule)} (Scheduler)`);
  const issue = cronFieldIssue(schedule);
  if (issue) throw invalid(`The schedule ${JSON.stringify(schedule)} ${issue}.`);
  const next = new Cron(schedule, { timezone: timeZone, mode: '5-part' }).nextRun(after);
  if (!next) throw invalid(`The schedule ${JSON.stringify(schedule)} never fires.`);
  return next;
}

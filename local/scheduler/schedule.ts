import { cronIssue, nextFiring as next } from '../../shared/schedule/cron.ts';
import { isTimeZone } from '../../shared/schedule/time-zone.ts';
import { invalid, notImplemented } from '../http/api-error.ts';

/** The first firing of the schedule after `after`. */
export function nextFiring(schedule: string, timeZone: string, after: Date): Date {
  if (!isTimeZone(timeZone))
    throw invalid(`The time zone ${JSON.stringify(timeZone)} is not in the tz database, as Europe/Paris is.`);
  if (/^every\s/i.test(schedule))
    throw notImplemented(`the schedule ${JSON.stringify(schedule)} (Scheduler)`);
  const fault = cronIssue(schedule);
  if (fault) throw invalid(`The schedule ${JSON.stringify(schedule)} ${fault}.`);
  return next({ cron: schedule, timeZone }, after);
}

import { Cron } from 'croner';
import { invalid, notImplemented } from '../http/api-error.ts';

/** Five fields of unix cron, without the extensions of croner that Cloud Scheduler does not know. */
const UNIX_CRON = /^([\d*,/-]+|[\d*,/A-Za-z-]+)(\s+[\d*,/A-Za-z-]+){4}$/;

/** The first firing of the schedule after `after`. */
export function nextFiring(schedule: string, timeZone: string, after: Date): Date {
  checkTimeZone(timeZone);
  if (/^every\s/i.test(schedule))
    throw notImplemented(`the schedule ${JSON.stringify(schedule)} (Scheduler)`);
  const next = UNIX_CRON.test(schedule) ? read(schedule, timeZone).nextRun(after) : null;
  if (next) return next;
  throw invalid(
    `The schedule ${JSON.stringify(schedule)} is not unix cron that ever comes true, such as "0 5 * * 1".`,
  );
}

function read(schedule: string, timezone: string): Cron {
  try {
    return new Cron(schedule, { timezone, mode: '5-part' });
  } catch (error) {
    throw invalid(`The schedule ${JSON.stringify(schedule)} is not unix cron: ${(error as Error).message}`);
  }
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw invalid(`The time zone ${JSON.stringify(timeZone)} is not in the tz database, as Europe/Paris is.`);
  }
}

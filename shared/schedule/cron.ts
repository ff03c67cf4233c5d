import { Cron } from 'croner';

/** Five fields of unix cron, without the extensions of croner that Cloud Scheduler does not know. */
const UNIX_CRON = /^([\d*,/-]+|[\d*,/A-Za-z-]+)(\s+[\d*,/A-Za-z-]+){4}$/;

/** Firings by the wall clock of a time zone (tz database), as Cloud Scheduler's `schedule` and `timeZone` say. */
export interface Timing {
  cron: string;
  timeZone: string;
}

/** What is wrong with a schedule, or undefined. */
export function cronFault(cron: string): string | undefined {
  if (!UNIX_CRON.test(cron)) return 'must be unix cron of five fields, such as "0 3 * * 1"';
  try {
    const fires = read({ cron, timeZone: 'UTC' }).nextRun(new Date(0)) !== null;
    return fires ? undefined : 'never comes true';
  } catch (error) {
    return `must be unix cron: ${(error as Error).message}`;
  }
}

export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** The first firing after `after`. */
export function nextFiring(timing: Timing, after: Date): Date {
  const next = read(timing).nextRun(after);
  if (!next) throw new RangeError(`The schedule ${timing.cron} never comes true.`);
  return next;
}

/** The last firing at or before `until`, or undefined where there was none. */
export function lastFiring(timing: Timing, until: Date): Date | undefined {
  // croner looks strictly before its reference, and in whole seconds.
  return read(timing).previousRuns(1, new Date(until.getTime() + 1000))[0];
}

function read({ cron, timeZone }: Timing): Cron {
  return new Cron(cron, { timezone: timeZone, mode: '5-part' });
}

import { Cron } from 'croner';
import { cronFieldIssue } from './cron-fields.ts';

/** Firings by the wall clock of a time zone (tz database), as Cloud Scheduler's `schedule` and `timeZone` say. */
export interface Timing {
  cron: string;
  timeZone: string;
}

/** What is wrong with a schedule; undefined if nothing is. Only what Cloud Scheduler documents is accepted. */
export function cronIssue(cron: string): string | undefined {
  return cronFieldIssue(cron) ?? (hasFiring(cron) ? undefined : 'never comes true');
}

/** False for a day that no month has, such as February 30. */
function hasFiring(cron: string): boolean {
  return read({ cron, timeZone: 'UTC' }).nextRun(new Date(0)) !== null;
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

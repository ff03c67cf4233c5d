import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextFiring } from '../../scheduler/schedule.ts';

describe('nextFiring', () => {
  const cases: [string, string, string, string][] = [
    ['0 5 * * 1', 'UTC', '2026-11-24T03:00:00Z', '2026-11-30T05:00:00.000Z'],
    ['0 5 * * MON', 'Europe/Paris', '2026-11-24T03:00:00Z', '2026-11-30T04:00:00.000Z'],
    ['0 5 * * 1', 'Europe/Paris', '2026-07-01T00:00:00Z', '2026-07-06T03:00:00.000Z'],
    ['*/10 * * * *', 'UTC', '2026-11-24T03:10:00Z', '2026-11-24T03:20:00.000Z'],
    ['30 2 * * *', 'America/New_York', '2026-03-08T05:00:00Z', '2026-03-08T07:00:00.000Z'],
    ['0 0 13 * 5', 'utc', '2026-11-24T00:00:00Z', '2026-11-27T00:00:00.000Z'],
  ];
  for (const [schedule, timeZone, after, expected] of cases)
    test(`${schedule} in ${timeZone} after ${after}`, () =>
      assert.equal(nextFiring(schedule, timeZone, new Date(after)).toISOString(), expected));

  const refused: [string, string, number, string][] = [
    [
      'every 24 hours',
      'UTC',
      501,
      'The local cloud does not implement the schedule "every 24 hours" (Scheduler).',
    ],
    [
      '@daily',
      'UTC',
      400,
      'The schedule "@daily" must have the five fields of unix cron, such as "0 3 * * 1".',
    ],
    ['0 5 30 2 *', 'UTC', 400, 'The schedule "0 5 30 2 *" never fires.'],
    ['', 'UTC', 400, 'The schedule "" must have the five fields of unix cron, such as "0 3 * * 1".'],
    [
      '61 * * * *',
      'UTC',
      400,
      'The schedule "61 * * * *" has "61" as the minute; Cloud Scheduler accepts 0 to 59, *, ranges, lists, and steps of * or a range.',
    ],
    [
      '0 5 * * 1',
      'Mars/Base',
      400,
      'The time zone "Mars/Base" is not in the tz database; Europe/Paris, for example, is.',
    ],
    [
      '0 5 * * 1',
      '+05:30',
      400,
      'The time zone "+05:30" is not in the tz database; Europe/Paris, for example, is.',
    ],
    [
      '0 3 L * *',
      'UTC',
      400,
      'The schedule "0 3 L * *" has "L" as the day of the month; Cloud Scheduler accepts 1 to 31, *, ranges, lists, and steps of * or a range.',
    ],
  ];
  for (const [schedule, timeZone, status, message] of refused)
    test(`${JSON.stringify(schedule)} in ${timeZone} is refused`, () =>
      assert.throws(() => nextFiring(schedule, timeZone, new Date('2026-11-24T03:00:00Z')), {
        status,
        message,
      }));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { triggerOf } from '../../../shared/intake/trigger.ts';
import { runIdOf } from '../../../shared/model/message.ts';
import { cronIssue, lastFiring, nextFiring } from '../../../shared/schedule/cron.ts';
import { isTimeZone } from '../../../shared/schedule/time-zone.ts';

const weekly = { cron: '0 3 * * 1', timeZone: 'America/New_York' };
const message = (publishedAt: string, attributes: Record<string, string> = { schedule: 'weekly' }) => ({
  messageId: '7',
  publishedAt,
  data: '{}',
  attributes,
});
const keyAt = (publishedAt: string) => triggerOf(message(publishedAt), { weekly }).key;

test('a firing is the run of the time it was due, on time, late and again', () => {
  const due = 'schedule:weekly:2026-11-23T08:00:00.000Z';
  for (const at of [
    '2026-11-23T08:00:00Z',
    '2026-11-23T08:00:00.900Z',
    '2026-11-23T08:04:10Z',
    '2026-11-23T08:30:00Z',
  ])
    assert.equal(keyAt(at), due, at);
  assert.match(
    runIdOf(triggerOf(message('2026-11-23T08:04:10Z'), { weekly })),
    /^20261123-080000-[0-9a-f]{4}$/,
  );
});

test('what is fired by hand between two firings is a run of its own', () => {
  assert.equal(keyAt('2026-11-23T08:30:01Z'), 'schedule:weekly:2026-11-23T08:30:00.000Z');
  assert.equal(keyAt('2026-11-25T12:34:56Z'), 'schedule:weekly:2026-11-25T12:34:00.000Z');
});

test("a job that vicinity.yaml does not know goes by its minute; a client's own id comes first", () => {
  const other = message('2026-11-23T08:04:10Z', { schedule: 'toString' });
  assert.equal(triggerOf(other, { weekly }).key, 'schedule:toString:2026-11-23T08:04:00.000Z');
  assert.equal(triggerOf(message('2026-11-23T08:00:00Z'), { weekly }, 'mine').key, 'request:mine');
  assert.equal(triggerOf(message('2026-11-23T08:00:00Z', {}), { weekly }).key, 'message:7');
});

test('the wall clock of the time zone counts, over the change to winter time', () => {
  assert.deepEqual(
    [
      lastFiring(weekly, new Date('2026-11-01T12:00:00Z')),
      nextFiring(weekly, new Date('2026-11-01T12:00:00Z')),
    ],
    [new Date('2026-10-26T07:00:00Z'), new Date('2026-11-02T08:00:00Z')],
  );
});

test('the last firing is at or before the time, and the next one after it', () => {
  const minute = 60_000;
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 0, max: 23 }),
      fc.constantFrom('Etc/UTC', 'Europe/Paris', 'Asia/Kolkata', 'America/St_Johns'),
      fc.integer({ min: 0, max: 525_600 * 60 }),
      (min, hour, timeZone, second) => {
        const timing = { cron: `${min} ${hour} * * *`, timeZone };
        const now = new Date(Date.UTC(2026, 0, 1) + second * 1000);
        const last = lastFiring(timing, now);
        assert.ok(last && last <= now && now.getTime() - last.getTime() <= 26 * 60 * minute);
        assert.ok(nextFiring(timing, now) > now);
        assert.deepEqual(lastFiring(timing, last), last);
      },
    ),
  );
});

test('a schedule that Cloud Scheduler documents is accepted', () => {
  const documented = [
    '0 3 * * 1',
    '*/15 * * * *',
    '0-23/2 * * * *',
    '0 3 1,15 JAN-MAR MON-FRI',
    '0 3 * * 5-7',
    '0  3\t* * SUN,WED',
    '59 23 31 12 7',
    '0 3 29 2 *',
  ];
  for (const cron of documented) assert.equal(cronIssue(cron), undefined, cron);
});

test('what Cloud Scheduler does not document is refused, with the field', () => {
  const rest = '*, ranges, lists, and steps of * or a range)';
  const faults: [string, string][] = [
    ['@weekly', 'must be unix cron of five fields, such as "0 3 * * 1"'],
    ['0 0 3 * * 1', 'must be unix cron of five fields, such as "0 3 * * 1"'],
    ['0 3 31 2 *', 'never comes true'],
    [
      '0 3 L * *',
      `must be unix cron: "L" is not valid for the day of the month (Cloud Scheduler takes 1 to 31, ${rest}`,
    ],
    [
      '0 3 15W * *',
      `must be unix cron: "15W" is not valid for the day of the month (Cloud Scheduler takes 1 to 31, ${rest}`,
    ],
    [
      '0 3 LW * *',
      `must be unix cron: "LW" is not valid for the day of the month (Cloud Scheduler takes 1 to 31, ${rest}`,
    ],
    [
      '0 3 ? * *',
      `must be unix cron: "?" is not valid for the day of the month (Cloud Scheduler takes 1 to 31, ${rest}`,
    ],
    [
      '0 3 * * 5L',
      `must be unix cron: "5L" is not valid for the day of the week (Cloud Scheduler takes 0 to 7 or SUN to SAT, ${rest}`,
    ],
    [
      '0 3 * * MON#2',
      `must be unix cron: "MON#2" is not valid for the day of the week (Cloud Scheduler takes 0 to 7 or SUN to SAT, ${rest}`,
    ],
    [
      '0 3 * * FRI-SUN',
      `must be unix cron: "FRI-SUN" is not valid for the day of the week (Cloud Scheduler takes 0 to 7 or SUN to SAT, ${rest}`,
    ],
    [
      '0 3 * jan *',
      `must be unix cron: "jan" is not valid for the month (Cloud Scheduler takes 1 to 12 or JAN to DEC, ${rest}`,
    ],
    [
      '60 3 * * *',
      `must be unix cron: "60" is not valid for the minute (Cloud Scheduler takes 0 to 59, ${rest}`,
    ],
    [
      '0 24 * * *',
      `must be unix cron: "24" is not valid for the hour (Cloud Scheduler takes 0 to 23, ${rest}`,
    ],
    [
      '5/15 * * * *',
      `must be unix cron: "5/15" is not valid for the minute (Cloud Scheduler takes 0 to 59, ${rest}`,
    ],
    [
      '*/0 * * * *',
      `must be unix cron: "*/0" is not valid for the minute (Cloud Scheduler takes 0 to 59, ${rest}`,
    ],
    [
      '0 3 * * ,',
      `must be unix cron: "," is not valid for the day of the week (Cloud Scheduler takes 0 to 7 or SUN to SAT, ${rest}`,
    ],
  ];
  for (const [cron, fault] of faults) assert.equal(cronIssue(cron), fault, cron);
});

test('a time zone is a name of the tz database', () => {
  const names = [
    'Europe/Paris',
    'Etc/UTC',
    'UTC',
    'utc',
    'US/Eastern',
    'Etc/GMT+5',
    'EST5EDT',
    'America/Argentina/Ushuaia',
  ];
  for (const name of [...names, ...Intl.supportedValuesOf('timeZone')]) assert.ok(isTimeZone(name), name);
  const others = [
    'Mars/Base',
    '+05:30',
    '-08',
    'Z',
    'GMT+5',
    'PST',
    'europe/paris',
    'EUROPE/PARIS',
    'SystemV/PST8',
    '',
  ];
  for (const name of others) assert.ok(!isTimeZone(name), name);
});

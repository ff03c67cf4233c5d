import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkPayload } from '../../../local/slack/checks.ts';
import { plainText } from '../../../local/slack/mrkdwn.ts';
import type { Notification } from '../../../shared/model/notification.ts';
import type { Status } from '../../../shared/model/status.ts';
import { slackMessage } from '../../../shared/slack/message.ts';
import { running } from '../../../shared/slack/running.ts';

/** Slack's limits (as the local sink checks them), whatever is in a message. */

const text = fc.oneof(
  fc.string({ maxLength: 60, unit: 'grapheme' }),
  fc.string({ maxLength: 60, unit: 'binary' }),
  // Long, and every character of it either escaped or one of two parts.
  fc
    .tuple(fc.constantFrom('&', '<', '`', '```', '😀', 'é', ' ', '*_~', '\n'), fc.nat({ max: 5000 }))
    .map(([unit, count]) => unit.repeat(count)),
);
const word = text.filter((value) => value.trim() !== '');
const hash = fc.string({ minLength: 64, maxLength: 64, unit: fc.constantFrom(...'0123456789abcdef') });
const count = fc.nat({ max: 10 ** 9 });

const status: fc.Arbitrary<Status> = fc.record(
  {
    runId: word,
    target: word,
    status: fc.constantFrom(
      'queued',
      'running',
      'succeeded',
      'failed',
      'cancelled',
      'timed-out',
      'lost',
      'start-failed',
      'expired',
    ),
    verdict: fc.constantFrom('ok', 'suspect', 'failed'),
    attempt: fc.nat({ max: 10 }),
    queuePosition: fc.nat({ max: 100 }),
    source: fc.record({ sha256: hash, commit: hash, dirty: fc.boolean() }),
    params: fc.dictionary(word, text, { maxKeys: 40 }),
    requestedBy: text,
    requestedAt: fc.constant('2026-11-24T03:00:00.000Z'),
    startedAt: fc.constant('2026-11-24T03:00:30.000Z'),
    finishedAt: fc.constant('2026-11-24T03:20:30.000Z'),
    phase: text,
    phases: fc.array(fc.record({ name: word, seconds: count }), { maxLength: 30 }),
    exitCode: fc.nat({ max: 255 }),
    reason: text,
    resultsPrefix: word,
    outputs: fc.array(fc.record({ path: word, objects: count, bytes: count }), { maxLength: 40 }),
    vm: fc.record({
      instance: word,
      zone: word,
      machineType: word,
      onSeconds: count,
      stoppedBy: fc.constantFrom('startup-script', 'max-run-duration', 'control-plane', 'unknown'),
      terminatedSeenAt: fc.constant('2026-11-24T03:20:40.000Z'),
    }),
    cost: fc.record({
      currency: fc.constant('USD'),
      pricesAsOf: fc.constant('2026-11-24'),
      provisioning: fc.constantFrom('standard', 'spot'),
      perHour: fc.constant(1.26),
      total: fc.constant(10.46),
      phases: fc.constant([]),
      other: fc.constant(0),
    }),
  },
  {
    requiredKeys: ['runId', 'target', 'status', 'source', 'params', 'requestedAt', 'resultsPrefix', 'vm'],
  },
);
const resend = fc.boolean();
const expected = fc.record({ seconds: count, dollars: fc.constant(0.4) });

const notification: fc.Arbitrary<Notification> = fc.oneof(
  fc.record({ event: fc.constant('queued' as const), status, behind: word, resend }),
  fc.record({ event: fc.constant('retrying' as const), status, reason: word, resend }),
  fc.record({
    event: fc.constant('start-delayed' as const),
    status,
    error: word,
    machineTypes: fc.array(word, { maxLength: 20 }),
    giveUpAt: fc.constant('2026-11-24T05:00:00.000Z'),
    resend,
  }),
  fc.record(
    {
      event: fc.constant('started' as const),
      status,
      machineType: word,
      provisioning: fc.constantFrom('standard', 'spot'),
      dollarsPerHour: fc.constant(1.26),
      expected,
      maxSeconds: count,
      resend,
    },
    { requiredKeys: ['event', 'status', 'machineType', 'provisioning', 'maxSeconds', 'resend'] },
  ),
  fc.record({
    event: fc.constant('finished' as const),
    status,
    logTail: fc.array(text, { maxLength: 15 }),
    resend,
  }),
  fc.record({ event: fc.constant('vm-off' as const), status, resend }),
  fc.record({ event: fc.constant('cancel-too-late' as const), status, resend }),
  fc.record({ event: fc.constant('orphan-vm' as const), instance: word, zone: word, onSince: word, resend }),
  fc.record({
    event: fc.constant('damaged' as const),
    object: word.map((name) => `gs://b/${name}`),
    problem: text,
    runId: word,
    resend,
  }),
  fc.record({
    event: fc.constant('missed-schedule' as const),
    schedule: word,
    due: word,
    region: word,
    resend,
  }),
  fc.record({
    event: fc.constant('rejected' as const),
    messageId: word,
    issues: fc.array(fc.record({ field: word, problem: word, remedy: word }), {
      minLength: 1,
      maxLength: 40,
    }),
    request: text,
    resend,
  }),
);

test('every message stays within the limits of Slack', () => {
  fc.assert(
    fc.property(notification, (told) => {
      const message = slackMessage(told);
      assert.deepEqual(checkPayload(JSON.stringify(message)), {
        payload: JSON.parse(JSON.stringify(message)),
      });
    }),
    { numRuns: 500 },
  );
});

test('the text of an edited message stays within the limits of Slack', () => {
  fc.assert(
    fc.property(status, (live) => {
      const message = running({ ...live, phase: live.phase ?? 'make' });
      assert.ok('payload' in checkPayload(JSON.stringify(message)));
    }),
  );
});

test('the longest possible message stays within the limits of Slack', () => {
  const long = '&'.repeat(5000);
  const many = <T>(item: T): T[] => Array.from({ length: 40 }, () => item);
  const told: Notification = {
    event: 'finished',
    status: {
      runId: long,
      target: long,
      status: 'failed',
      verdict: 'failed',
      attempt: 2,
      source: { sha256: 'a'.repeat(64), commit: 'b'.repeat(40), dirty: true },
      params: Object.fromEntries(many(long).map((value, index) => [`P${index}`, value])),
      requestedBy: long,
      requestedAt: '2026-11-24T03:00:00.000Z',
      phases: many({ name: long, seconds: 1 }),
      phase: long,
      exitCode: 2,
      reason: long,
      resultsPrefix: long,
      outputs: many({ path: long, objects: 1, bytes: 1 }),
      vm: { instance: long, zone: long, machineType: long, stoppedBy: 'unknown', terminatedSeenAt: long },
    },
    logTail: many(long),
    resend: true,
  };
  assert.ok('payload' in checkPayload(JSON.stringify(slackMessage(told))));
});

test('the local channel knows every emoji of the messages', () => {
  fc.assert(
    fc.property(notification, (told) => {
      const [head] = slackMessage(told).blocks;
      const [name] = head?.type === 'header' ? (/^:([a-z_]+):/.exec(head.text.text) ?? []) : [];
      assert.ok(!name || plainText(name) !== name, name);
    }),
    { numRuns: 500 },
  );
});

test('no cut splits a character', () => {
  fc.assert(
    fc.property(notification, (told) => {
      const { text, blocks } = slackMessage(told);
      assert.ok([text, JSON.stringify(blocks)].every((shown) => shown.isWellFormed()));
      const escaped = JSON.stringify([text, ...blocks.filter(({ type }) => type !== 'header')]);
      assert.doesNotMatch(escaped, /&(?!amp;|lt;|gt;)|\\ud[89a-f]/);
    }),
    { numRuns: 500 },
  );
});

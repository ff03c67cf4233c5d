import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Activity } from '../../local/activity.ts';
import { FAILED } from '../../local/test/slack/samples.ts';
import { activityText } from '../../sandbox/live-log.ts';

const NOW = new Date('2026-11-24T03:06:43Z');
const delivery = { subscription: 'projects/p/subscriptions/start-run', messageId: '17', attempt: 1 };
const call = { function: 'start-run', messageId: '17', milliseconds: 640 };

const SHOWN: [activity: Activity, text: string | undefined][] = [
  [
    { kind: 'delivery', event: { ...delivery, kind: 'delivered' } },
    '03:06:43Z start-run        message 17 delivered',
  ],
  [{ kind: 'delivery', event: { ...delivery, kind: 'acknowledged' } }, undefined],
  [
    {
      kind: 'delivery',
      event: { ...delivery, kind: 'nacked', attempt: 2, detail: 'The push endpoint answered 503.' },
    },
    '03:06:43Z start-run        message 17 nacked, attempt 2 (The push endpoint answered 503.)',
  ],
  [
    { kind: 'function', event: { ...call, status: 204 } },
    '03:06:43Z start-run        answered 204 after 640 ms',
  ],
  [
    { kind: 'function', event: { ...call, status: 500, problem: 'no bucket' } },
    '03:06:43Z start-run        answered 500 after 640 ms: no bucket',
  ],
  [
    { kind: 'instance', name: 'vicinity-batch', before: 'STAGING', status: 'RUNNING' },
    '03:06:43Z vicinity-batch   STAGING → RUNNING',
  ],
  [
    { kind: 'slack-refused', code: 'no_text', detail: 'the message is empty' },
    '03:06:43Z slack            refused a message: no_text (the message is empty)',
  ],
  [{ kind: 'slack', message: FAILED }, '\n#vicinity 03:39 UTC\n  ┃ ❌ all failed\n'],
];

for (const [activity, text] of SHOWN) {
  test(`shows ${activity.kind}: ${text?.trim().split('\n', 1)[0] ?? 'nothing'}`, () => {
    assert.equal(activityText(activity, NOW, { colour: false, width: 80, channel: 'vicinity' }), text);
  });
}

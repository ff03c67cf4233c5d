import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownBlock } from '@slack/types';
import type { Notification } from '../../../shared/model/notification.ts';
import type { Status } from '../../../shared/model/status.ts';
import { slackMessage } from '../../../shared/slack/message.ts';
import { running } from '../../../shared/slack/running.ts';

const status: Status = {
  runId: '20261124-030000-1a2b',
  target: 'd_anchor_category',
  status: 'failed',
  verdict: 'failed',
  attempt: 1,
  source: { sha256: 'a'.repeat(64), commit: 'c0ffee1234567', dirty: true },
  params: { STATES: 'massachusetts' },
  requestedAt: '2026-11-24T03:00:00.000Z',
  startedAt: '2026-11-24T03:00:30.000Z',
  finishedAt: '2026-11-24T03:20:30.000Z',
  phase: 'make',
  phases: [
    { name: 'source', seconds: 4 },
    { name: 'make', seconds: 1190 },
  ],
  exitCode: 2,
  reason: 'make ended with exit code 2.',
  resultsPrefix: 'gs://b/results/20261124-030000-1a2b',
  outputs: [{ path: 'data/d_anchor_category', objects: 3, bytes: 1_400_000 }],
  vm: { instance: 'vicinity-batch', zone: 'us-east4-c', machineType: 'c4d-highcpu-32' },
};

/** Everything a person reads, one text per line. */
function textOf(blocks: KnownBlock[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'header') return [block.text.text];
    if (block.type === 'section')
      return [...(block.text ? [block.text.text] : []), ...(block.fields ?? []).map((field) => field.text)];
    if (block.type === 'context')
      return block.elements.map((element) => ('text' in element ? element.text : ''));
    return [];
  });
}

test('a single file is written in the singular', () => {
  const outputs = [{ path: 'a.csv', objects: 1, bytes: 2 }];
  const { blocks } = slackMessage({
    event: 'finished',
    status: { ...status, outputs },
    logTail: [],
    resend: false,
  });
  assert.ok(textOf(blocks).includes('• `a.csv` 1 file, 2 bytes'), textOf(blocks).join('\n'));
});

test('a failure shows cause, phases, the end of the log, the results and the next commands', () => {
  const { text, blocks } = slackMessage({
    event: 'finished',
    status,
    logTail: ['make: *** [all] Error 2'],
    resend: false,
  });
  assert.equal(text, 'd_anchor_category failed after 20 min');
  assert.deepEqual(textOf(blocks), [
    ':x: d_anchor_category failed after 20 min',
    'make ended with exit code 2.',
    '*Run*\n`20261124-030000-1a2b`',
    '*Cause*\nexit code 2 in phase make',
    '*Parameters*\n`STATES=massachusetts`',
    '*Phases*\nsource\u00a04\u00a0s · make\u00a019\u00a0min\u00a050\u00a0s',
    '*Results*\n`gs://b/results/20261124-030000-1a2b`',
    '```\nmake: *** [all] Error 2\n```',
    '• `data/d_anchor_category` 3 files, 1.4 MB',
    [
      'Read the log: `vicinity logs 20261124-030000-1a2b`',
      'Fetch the results: `vicinity pull 20261124-030000-1a2b`',
      `Run it again: \`vicinity run --target d_anchor_category --source ${'a'.repeat(64)} --param STATES=massachusetts\``,
    ].join('\n'),
    `vicinity-batch in us-east4-c, c4d-highcpu-32 · package ${'a'.repeat(12)} of commit c0ffee123456, with uncommitted changes`,
  ]);
});

test('a start shows who started it, its expected time and cost, and how to follow and cancel it', () => {
  const { text, blocks } = slackMessage({
    event: 'started',
    status: { ...status, status: 'starting', requestedBy: 'ada' },
    machineType: 'c4d-highcpu-32',
    provisioning: 'spot',
    dollarsPerHour: 0.48,
    expected: { seconds: 29_940, dollars: 3.99 },
    maxSeconds: 72_000,
    resend: false,
  });
  assert.equal(text, 'd_anchor_category has started');
  assert.deepEqual(textOf(blocks), [
    ':rocket: d_anchor_category has started',
    '*Run*\n`20261124-030000-1a2b`',
    '*Started by*\nada',
    '*Expected time*\n8 h 19 min, like the last good run',
    '*Expected cost*\n$3.99 at $0.48 an hour (Spot)',
    '*Parameters*\n`STATES=massachusetts`',
    '*Time limit*\n20 h',
    'Follow it: `vicinity watch 20261124-030000-1a2b`\nCancel it: `vicinity cancel 20261124-030000-1a2b`',
    'vicinity-batch in us-east4-c, c4d-highcpu-32 · package aaaaaaaaaaaa of commit c0ffee123456, with uncommitted changes',
  ]);
});

test('a start without an earlier run, or without a price, says so', () => {
  const first = {
    event: 'started' as const,
    status: { ...status, status: 'starting' as const },
    machineType: 'c4d-highcpu-32',
    provisioning: 'standard' as const,
    maxSeconds: 72_000,
    resend: false,
  };
  const shown = (notification: Notification) => textOf(slackMessage(notification).blocks);
  const priced = shown({ ...first, dollarsPerHour: 1.256 });
  assert.ok(priced.includes('*Expected time*\nunknown: no run of this target has succeeded yet'));
  assert.ok(priced.includes('*Expected cost*\n$1.26 an hour, at most $25.12'));
  assert.ok(shown(first).includes('*Expected cost*\nunknown: vicinity.yaml has no price for c4d-highcpu-32'));
});

test('a delayed start shows the machine types that are tried, until when, and how to cancel', () => {
  const delayed: Notification = {
    event: 'start-delayed',
    status: { ...status, status: 'starting' },
    error: 'ZONE_RESOURCE_POOL_EXHAUSTED',
    machineTypes: ['c4d-highcpu-32', 'c4d-highcpu-48'],
    giveUpAt: '2026-11-24T05:00:00.000Z',
    resend: false,
  };
  const { text, blocks } = slackMessage(delayed);
  assert.equal(text, 'd_anchor_category is waiting for a machine');
  assert.deepEqual(textOf(blocks), [
    ':hourglass: d_anchor_category is waiting for a machine',
    'Zone us-east4-c is out of stock of the requested machine type (ZONE_RESOURCE_POOL_EXHAUSTED). The start is retried with growing pauses.',
    '*Run*\n`20261124-030000-1a2b`',
    '*Machine types*\n`c4d-highcpu-32` `c4d-highcpu-48`',
    '*Retries end*\n24 Nov 2026, 05:00 UTC',
    'Cancel it: `vicinity cancel 20261124-030000-1a2b`',
  ]);
  assert.equal(
    textOf(slackMessage({ ...delayed, error: 'INTERNAL_ERROR' }).blocks)[1],
    'Compute Engine could not start the VM in us-east4-c (INTERNAL_ERROR). The start is retried with growing pauses.',
  );
});

test('a run that could not be started offers no results', () => {
  const unstarted = { ...status, status: 'start-failed' as const, outputs: [], phases: [] };
  const { blocks } = slackMessage({ event: 'finished', status: unstarted, logTail: [], resend: false });
  const shown = textOf(blocks).join('\n');
  assert.match(shown, /^Run it again: `vicinity run --target d_anchor_category /m);
  assert.doesNotMatch(shown, /vicinity pull|Results/);
});

test('a running run shows its start, phase, progress and expected end', () => {
  const progress = { fraction: 0.437, at: '', since: '', sinceFraction: 0 };
  const { blocks } = running({
    ...status,
    status: 'running',
    requestedBy: 'ada',
    progress,
    estimate: { finishAt: '2026-11-24T05:12:00Z', basis: 'progress' },
  });
  assert.deepEqual(textOf(blocks).slice(0, 8), [
    ':gear: d_anchor_category is running',
    '*Run*\n`20261124-030000-1a2b`',
    '*Started by*\nada',
    '*Since*\n24 Nov 2026, 03:00 UTC',
    '*Expected end*\n24 Nov 2026, 05:12 UTC',
    '*Phase*\nmake, 43 %',
    '*Parameters*\n`STATES=massachusetts`',
    'Follow it: `vicinity watch 20261124-030000-1a2b`\nCancel it: `vicinity cancel 20261124-030000-1a2b`',
  ]);
});

test('a resend says so', () => {
  const { blocks } = slackMessage({ event: 'finished', status, logTail: [], resend: true });
  assert.equal(textOf(blocks).at(-1), 'Sent again: an earlier attempt may have reached you.');
});

test('a refusal lists every issue and the request', () => {
  const issues = [{ field: 'target', problem: 'is unknown', remedy: 'Use <all>.' }];
  const { blocks } = slackMessage({
    event: 'rejected',
    messageId: '7',
    issues,
    request: '{"target":"<x>"}',
    resend: false,
  });
  assert.deepEqual(textOf(blocks), [
    ':no_entry: A request was refused',
    '• target: is unknown. Use &lt;all&gt;.',
    '```\n{"target":"&lt;x&gt;"}\n```',
    'Message 7. Nothing was started. The request is not retried.',
  ]);
});

test('secrets in a log do not reach Slack', () => {
  const logTail = [
    'export API_TOKEN=abc123',
    'Authorization: Bearer ya29.a0AfH6SMBxxxxxxxx',
    'https://hooks.slack.com/services/T/B/x',
  ];
  const { blocks } = slackMessage({ event: 'finished', status, logTail, resend: false });
  const shown = textOf(blocks).join('\n');
  for (const secret of ['abc123', 'ya29.a0', 'services/T/B/x']) assert.ok(!shown.includes(secret), secret);
});

test('a missed schedule shows how to inspect its job and how to run it now', () => {
  const { text, blocks } = slackMessage({
    event: 'missed-schedule',
    schedule: 'weekly',
    due: '2026-11-23T08:00:00.000Z',
    region: 'us-east4',
    resend: false,
  });
  assert.equal(text, 'The scheduled run weekly did not start');
  assert.deepEqual(textOf(blocks), [
    ':calendar: The scheduled run weekly did not start',
    'It was due on 23 Nov 2026, 08:00 UTC, but no request arrived. Its Cloud Scheduler job may be paused or deleted.',
    [
      'Inspect the job: `gcloud scheduler jobs describe vicinity-weekly --location=us-east4`',
      'Run it now: `gcloud scheduler jobs run vicinity-weekly --location=us-east4`',
      'If this is intended: `vicinity schedule pause weekly`',
    ].join('\n'),
  ]);
});

test('a damaged slot comes with the command that repairs it; a damaged run is set aside', () => {
  const slot = 'gs://b/control/vicinity-batch.json';
  const noRun = slackMessage({ event: 'damaged', object: slot, problem: 'epoch is missing', resend: false });
  assert.equal(noRun.text, 'No run can start');
  assert.deepEqual(textOf(noRun.blocks), [
    ':warning: No run can start',
    `\`${slot}\` does not match its schema: epoch is missing. Requests are accepted and wait. Move the object away: the next sweep rebuilds the queue from the runs.`,
    [
      `Inspect it: \`gcloud storage cat ${slot}\``,
      `Repair: \`gcloud storage mv ${slot} gs://b/control/damaged/vicinity-batch.json\``,
    ].join('\n'),
  ]);
  const spec = { object: 'gs://b/runs/r/spec.json', problem: 'target is missing', runId: 'r' };
  assert.deepEqual(textOf(slackMessage({ event: 'damaged', ...spec, resend: false }).blocks), [
    ':warning: Run r cannot continue',
    '`gs://b/runs/r/spec.json` does not match its schema: target is missing. The run is set aside. All other runs continue.',
    'Inspect it: `gcloud storage cat gs://b/runs/r/spec.json`',
  ]);
});

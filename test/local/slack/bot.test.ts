import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { CloudClock } from '../../../local/core/clock.ts';
import { Faults } from '../../../local/core/faults.ts';
import { listen } from '../../../local/http/service.ts';
import { BOT_TOKEN } from '../../../local/slack/bot-api.ts';
import { createSlackSink } from '../../../local/slack/slack-sink.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { Notification } from '../../../shared/model/notification.ts';
import type { Status } from '../../../shared/model/status.ts';
import { loadPicture } from '../../../shared/report/picture.ts';
import { slackNotifier } from '../../../shared/slack/notifier.ts';
import { sampleBucket, sampleStatus } from '../../shared/report/sample-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'bot-'));
const clock = new CloudClock();
const faults = new Faults();
const sink = createSlackSink({
  directory: join(folder, 'slack'),
  workspace: { channel: 'vicinity', app: 'vicinity' },
  context: { clock, faults, onCall() {} },
});
const port = await listen(sink.server, 0);
const status = sampleStatus(0);
after(() => {
  sink.server.closeAllConnections();
  sink.server.close();
  clock.close();
  rmSync(folder, { recursive: true });
});

const queued: Notification = {
  event: 'queued',
  status: { ...status, status: 'queued' },
  behind: 'x',
  resend: false,
};
const { verdict: _, cost: __, reason: ___, ...underway } = status;
const END = 'all succeeded in 8 h 19 min, but looks suspect';
const started: Notification = {
  event: 'started',
  status: { ...underway, status: 'starting' },
  machineType: 'c4d-highcpu-32',
  provisioning: 'standard',
  maxSeconds: 72_000,
  resend: false,
};
const finished: Notification = { event: 'finished', status, logTail: [], resend: false };
const vmOff: Notification = { event: 'vm-off', status, resend: false };

function notifierWith({ token = BOT_TOKEN, channel = '#vicinity', objects = sampleBucket() } = {}) {
  const file = join(folder, 'secret');
  writeFileSync(file, `${token}\n`);
  const picture = () => loadPicture(objects, status);
  return slackNotifier(file, { channel, apiUrl: `http://127.0.0.1:${port}/api/`, objects, picture });
}

/** Messages in the channel since the test began. */
let seen = 0;
beforeEach(() => {
  seen = sink.messages().length;
  faults.clear();
});
const fresh = () => sink.messages().slice(seen);

describe('Slack with a bot token', () => {
  test('a run has one message that is edited, and a thread with its events and a chart', async () => {
    const notifier = notifierWith();
    assert.deepEqual(await notifier.notify(queued), { delivered: true });
    assert.deepEqual(
      fresh().map(({ text }) => text),
      ['all is queued'],
    );
    assert.deepEqual(await notifier.notify(finished), { delivered: true });
    assert.deepEqual(await notifier.notify(vmOff), { delivered: true });
    const [main, ...thread] = fresh();
    assert.deepEqual([main?.text, main?.isEdited], [END, true]);
    assert.deepEqual(
      thread.map(({ text, thread_ts, isBroadcast = false }) => [text, thread_ts === main?.ts, isBroadcast]),
      [
        [END, true, true],
        ['Processors and memory', true, false],
        ['vicinity-batch is off', true, false],
      ],
    );
    const picture = await fetch(`http://127.0.0.1:${port}${thread[1]?.picture?.path}`);
    const bytes = Buffer.from(await picture.arrayBuffer());
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(bytes.length > 10_000);
  });

  test('a run without earlier events gets one message with its result', async () => {
    await notifierWith().notify(finished);
    assert.deepEqual(
      fresh().map(({ text, thread_ts }) => [text, thread_ts !== undefined]),
      [
        [END, false],
        ['Processors and memory', true],
      ],
    );
  });

  test('the message shows the start, then the result, whatever arrives late', async () => {
    const notifier = notifierWith();
    await notifier.notify(started);
    assert.deepEqual(
      fresh().map(({ text }) => text),
      ['all has started'],
    );
    await notifier.notify(finished);
    await notifier.notify({ ...started, resend: true });
    const [main, ...thread] = fresh();
    assert.equal(main?.text, END);
    assert.deepEqual(
      thread.map(({ text }) => text),
      [END, 'Processors and memory', 'all has started'],
    );
  });

  test('progress edits the message and notifies nobody', async () => {
    const notifier = notifierWith();
    const live: Status = { ...underway, status: 'running', phase: 'make' };
    await notifier.show?.(live);
    assert.deepEqual(fresh(), []);
    await notifier.notify(started);
    await notifier.show?.(live);
    assert.deepEqual(
      fresh().map(({ text, isEdited }) => [text, isEdited]),
      [['all is running', true]],
    );
    await notifier.notify(finished);
    await notifier.show?.(live);
    assert.equal(fresh()[0]?.text, END);
  });

  test('an edit that races with the result restores the result', async () => {
    const objects = sampleBucket();
    const notifier = notifierWith({ objects });
    await notifier.notify(started);
    await notifier.notify(finished);
    const read = objects.read.bind(objects);
    const asBefore = JSON.stringify({ channel: 'C0LOCAL000', ts: fresh()[0]?.ts });
    let stale = true;
    objects.read = async (name) => {
      const stored = await read(name);
      if (!stale || !name.endsWith('/slack.json') || !stored) return stored;
      stale = false;
      return { ...stored, text: asBefore };
    };
    await notifier.show?.({ ...underway, status: 'running' });
    assert.equal(fresh()[0]?.text, END);
  });

  test('a webhook cannot show progress', async () => {
    await notifierWith({ token: `http://127.0.0.1:${port}/` }).show?.({ ...underway, status: 'running' });
    assert.deepEqual(fresh(), []);
  });

  test('where the message can no longer be edited, the result is posted as a new one', async () => {
    for (const code of ['message_not_found', 'edit_window_closed', 'cant_update_message']) {
      seen = sink.messages().length;
      const notifier = notifierWith();
      await notifier.notify(started);
      faults.add({
        operation: 'slack.chat.update',
        kind: 'error',
        status: 200,
        text: JSON.stringify({ ok: false, error: code }),
      });
      assert.deepEqual(await notifier.notify(finished), { delivered: true }, code);
      assert.deepEqual(
        fresh().map(({ text, thread_ts }) => [text, thread_ts !== undefined]),
        [
          ['all has started', false],
          [END, false],
          ['Processors and memory', true],
        ],
      );
      await notifier.notify(vmOff);
      assert.equal(fresh().at(-1)?.thread_ts, fresh()[1]?.ts);
    }
  });

  test('an event without a run is posted as a message of its own', async () => {
    const missed = { schedule: 'weekly', due: '2026-11-23T08:00:00.000Z', region: 'us-east4', resend: false };
    await notifierWith().notify({ event: 'missed-schedule', ...missed });
    assert.equal(fresh().length, 1);
  });

  test('a wrong token, an unknown channel and a missing channel are permanent refusals with a remedy', async () => {
    const remedy =
      'Check the token, its scopes (chat:write, files:write), and that the bot is a member of the channel.';
    assert.deepEqual(await notifierWith({ token: 'xoxb-wrong' }).notify(finished), {
      delivered: false,
      refused: `Slack refused the message to #vicinity (invalid_auth). ${remedy}`,
    });
    assert.deepEqual(await notifierWith({ channel: '#elsewhere' }).notify(finished), {
      delivered: false,
      refused: `Slack refused the message to #elsewhere (channel_not_found). ${remedy}`,
    });
    assert.deepEqual(await notifierWith({ channel: '' }).notify(finished), {
      delivered: false,
      refused:
        'The Slack bot has no channel. Set slack.channel in vicinity.yaml, then run vicinity deploy apply.',
    });
  });

  test('a transient error is retried', async () => {
    for (const fault of [{ status: 500 }, { status: 429, headers: { 'retry-after': '30' } }]) {
      faults.add({ operation: 'slack.chat.postMessage', kind: 'error', times: 1, ...fault });
      await assert.rejects(notifierWith().notify(finished), TransientError);
    }
  });

  test('a chart that cannot be sent does not fail the delivery', async () => {
    faults.add({ operation: 'slack.files.getUploadURLExternal', kind: 'error', times: 1, status: 500 });
    assert.deepEqual(await notifierWith().notify(finished), { delivered: true });
    assert.equal(fresh().length, 1);
  });
});

import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { listen } from '../../http/service.ts';
import { createSlackSink, type SlackSink, WEBHOOK_PATH } from '../../slack/slack-sink.ts';
import { FINISHED } from './samples.ts';

const directory = mkdtempSync(join(tmpdir(), 'slack-'));
after(() => rmSync(directory, { recursive: true }));

let faults: Faults;
let refusals: string[];
let sink: SlackSink;
let url: string;

beforeEach(start);
afterEach(stop);

async function start(): Promise<void> {
  faults = new Faults();
  refusals = [];
  const context = { clock: new CloudClock(), faults, onCall() {} };
  const onRefusal = (code: string, detail: string) => void refusals.push(`${code}: ${detail}`);
  sink = createSlackSink({ directory, context, onRefusal });
  url = `http://127.0.0.1:${await listen(sink.server, 0)}`;
}

function stop(): void {
  sink.server.close();
  sink.server.closeAllConnections();
}

async function post(body: string | URLSearchParams, path = WEBHOOK_PATH): Promise<string> {
  const response = await fetch(url + path, { method: 'POST', body });
  return `${response.status} ${await response.text()}`;
}

test('accepts a message, and has it after a restart too', async () => {
  assert.equal(await post('{"text":"first"}'), '200 ok');
  stop();
  await start();
  await post(new URLSearchParams({ payload: '{"text":"second"}' }));
  const { messages } = (await (await fetch(`${url}/messages`)).json()) as {
    messages: { text: string; ts: string }[];
  };
  assert.deepEqual(
    messages.map(({ text }) => text),
    ['first', 'second'],
  );
  assert.ok(Number(messages[0]?.ts) < Number(messages[1]?.ts));
});

test('forgets a message whose line was cut off by a kill: it was never accepted', async () => {
  const before = sink.messages().length;
  appendFileSync(join(directory, 'messages.jsonl'), '{"text":"half');
  stop();
  await start();
  assert.equal(sink.messages().length, before);
  await post('{"text":"whole"}');
  stop();
  await start();
  assert.equal(sink.messages().at(-1)?.text, 'whole');
});

test('refuses as Slack does, and says why', async () => {
  assert.equal(await post('{}'), '400 no_text');
  assert.equal(await post('{"text":"a"}', '/services/T1/B1/other'), '404 no_service');
  assert.deepEqual(refusals, [
    'no_text: the message has neither text nor blocks nor attachments',
    'no_service: no webhook has this address',
  ]);
});

test('answers 429 and what else is ordered as a fault', async () => {
  faults.add({
    operation: 'slack.webhook',
    kind: 'error',
    status: 429,
    headers: { 'retry-after': '30' },
    text: 'rate_limited',
  });
  const limited = await fetch(url + WEBHOOK_PATH, { method: 'POST', body: '{"text":"a"}' });
  assert.deepEqual(
    [limited.status, limited.headers.get('retry-after'), await limited.text()],
    [429, '30', 'rate_limited'],
  );
  faults.add({ operation: 'slack.*', kind: 'error', status: 410, text: 'channel_is_archived' });
  assert.equal(await post('{"text":"a"}'), '410 channel_is_archived');
  assert.equal(await post('{"text":"a"}'), '200 ok');
});

test('tells those who follow of each new message', async () => {
  const response = await fetch(`${url}/events`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  await post('{"text":"news"}');
  const { value } = (await reader?.read()) ?? {};
  assert.equal(value, `data: ${sink.messages().at(-1)?.ts}\n\n`);
  await reader?.cancel();
});

test('shows the channel as a page that is complete in itself and runs nothing of a message', async () => {
  await post(
    JSON.stringify({
      ...FINISHED,
      attachments: [{ color: '#a30200', text: '<javascript:alert(1)|x> <script>"' }],
    }),
  );
  const response = await fetch(url);
  const page = await response.text();
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(page, /<h2>✅ d_anchor_category succeeded in 12 s<\/h2>/);
  assert.match(page, /<code>c4d-highcpu-32<\/code>; <strong>the VM is off<\/strong>/);
  assert.match(page, /<blockquote>two &lt;warnings&gt;<\/blockquote>/);
  assert.match(page, /<a href="https:\/\/console.test\/log" rel="noreferrer">build.log<\/a>/);
  assert.match(page, /<div class="aside" style="--bar: #a30200">/);
  assert.doesNotMatch(page, /javascript:|<script>"|<img|<link rel="stylesheet"|@import|url\(/);
});

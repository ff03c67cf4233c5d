import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { functionsPreload } from '../../assets.ts';
import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { FUNCTION_TIMEOUT_MS } from '../../functions/forward.ts';
import {
  createFunctionsHost,
  type FunctionEvent,
  type FunctionsHost,
} from '../../functions/functions-host.ts';
import { IDLE_TIMEOUT_MS } from '../../functions/local-function.ts';
import { listen } from '../../http/service.ts';
import { type ReportServer, startReportServer } from './report-server.ts';
import { pushOf, type StubEvent, writeStubBundles } from './stub-bundles.ts';
import { stubRevisions } from './stub-revisions.ts';

const directory = mkdtempSync(join(tmpdir(), 'functions-'));
let reports: ReportServer;
let clock: CloudClock;
let host: FunctionsHost;
let events: FunctionEvent[];
let url: string;

before(async () => {
  reports = await startReportServer();
});
after(() => {
  reports.server.close();
  reports.server.closeAllConnections();
  rmSync(directory, { recursive: true });
});

beforeEach(async () => {
  clock = new CloudClock();
  events = [];
  host = createFunctionsHost({
    revisions: stubRevisions(writeStubBundles(join(directory, 'bundles')), async () => ({
      PATH: process.env.PATH ?? '',
      GREETING: 'hello',
    })),
    logDir: join(directory, 'logs'),
    preload: functionsPreload(),
    context: {
      clock,
      faults: new Faults(),
      onCall: (_operation, _status, caller) => host.countCall(caller),
    },
    onEvent: (event) => void events.push(event),
  });
  url = `http://127.0.0.1:${await listen(host.server, 0)}`;
});

afterEach(async () => {
  await host.close();
  host.server.close();
  host.server.closeAllConnections();
  clock.close();
});

async function send(event: StubEvent, name = 'function-a'): Promise<{ status: number; text: string }> {
  const path = `/${name}/projects/test-project/topics/topic-a`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method: 'POST', headers, body: pushOf(event) });
  return { status: response.status, text: await response.text() };
}

const stateOf = (name: string) => host.get(name).state;

test('starts a function at its first event and keeps it warm for the next', async () => {
  assert.equal(stateOf('function-a').pid, undefined);
  const statuses = [
    (await send({ calls: [reports.url] })).status,
    (await send({ calls: [reports.url] })).status,
  ];
  assert.deepEqual(statuses, [204, 204]);
  const [first, second] = [await reports.next(), await reports.next()];
  assert.equal(first.pid, second.pid);
  assert.deepEqual(stateOf('function-a'), {
    name: 'function-a',
    pid: first.pid,
    eventsUnderWay: 0,
    coldStarts: 1,
  });
  assert.deepEqual(
    events.map(({ milliseconds: _, ...event }) => event),
    [
      { function: 'function-a', messageId: '1', status: 204 },
      { function: 'function-a', messageId: '1', status: 204 },
    ],
  );
});

test('gives a function its own environment, and nothing of ours', async () => {
  await send({ calls: [reports.url] });
  const { env } = await reports.next();
  const { NODE_CHANNEL_FD: _, NODE_CHANNEL_SERIALIZATION_MODE: __, PORT, ...given } = env;
  assert.deepEqual(given, { PATH: process.env.PATH, GREETING: 'hello', K_SERVICE: 'function-a' });
  assert.match(PORT ?? '', /function-a-1\.sock$/);
});

test('logs what a function says, each line with its time and process', async () => {
  await send({ calls: [reports.url] });
  const { pid } = await reports.next();
  await host.close();
  const log = readFileSync(join(directory, 'logs', 'function-a.log'), 'utf8');
  assert.match(log, new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z \\[${pid}\\] function-a has an event$`, 'm'));
});

test('a function that throws answers 500 with its message', async () => {
  assert.deepEqual(await send({ ends: 'throw' }), { status: 500, text: 'asked to fail' });
  assert.equal(events[0]?.problem, 'asked to fail');
});

test('a function that crashes answers 503, and the next event starts it anew', async () => {
  assert.deepEqual(await send({ ends: 'crash' }), {
    status: 503,
    text: 'The function ended before it answered.',
  });
  assert.equal((await send({})).status, 204);
  assert.equal(stateOf('function-a').coldStarts, 2);
});

test('a function that exits is answered for by its framework', async () => {
  assert.deepEqual(await send({ ends: 'exit' }), { status: 500, text: 'Process exited with code 1' });
});

test('kills an instance in the middle of an event', async () => {
  const answer = send({ calls: [reports.url], ends: 'never' });
  await reports.next();
  assert.equal(host.get('function-a').kill(), true);
  assert.equal((await answer).status, 503);
  assert.equal(host.get('function-a').kill(), false);
});

test('kills an instance once, after so many calls of its next event', async () => {
  host.get('function-a').crashAfter(2);
  const counted = `${url}/function-b/calls`;
  const answer = await send({ calls: [reports.url, counted, counted, reports.url] });
  assert.equal(answer.status, 503);
  await reports.next();
  assert.equal((await send({ calls: [reports.url] })).status, 204);
  await reports.next();
});

test("counts no one else's calls", async () => {
  host.get('function-a').crashAfter(1);
  const answer = send({ calls: [reports.url], ends: 'never' });
  const { pid } = await reports.next();
  await fetch(`${url}/function-b/calls`, { method: 'POST' });
  assert.equal(stateOf('function-a').pid, pid);
  host.get('function-a').kill();
  assert.equal((await answer).status, 503);
});

test('kills an instance as soon as it has the event', async () => {
  host.get('function-a').crashAfter(0);
  assert.equal((await send({})).status, 503);
  assert.equal((await send({})).status, 204);
});

test('gives up on an event after 540 s; the instance goes on', async () => {
  const answer = send({ calls: [reports.url], ends: 'never' });
  const { pid } = await reports.next();
  clock.advance(FUNCTION_TIMEOUT_MS);
  assert.deepEqual(await answer, { status: 504, text: 'The function took longer than 540 s.' });
  assert.equal(stateOf('function-a').pid, pid);
});

test('ends an instance that had nothing to do for a minute', async () => {
  await send({});
  clock.advance(IDLE_TIMEOUT_MS - 1000);
  assert.notEqual(stateOf('function-a').pid, undefined);
  clock.advance(1000);
  assert.equal(stateOf('function-a').pid, undefined);
  assert.equal((await send({})).status, 204);
});

test('a function lives in cloud time', async () => {
  clock.advance(3_600_000);
  const before = clock.now();
  await send({ calls: [reports.url] });
  const { now } = await reports.next();
  assert.ok(new Date(now) >= before && new Date(now) <= clock.now(), now);
});

test('says why a function does not start', async () => {
  writeFileSync(join(directory, 'bundles', 'function-c', 'index.cjs'), 'throw new Error("broken bundle");');
  const { status, text } = await send({}, 'function-c');
  assert.equal(status, 503);
  assert.match(text, /^The function function-c did not start\. .*function-c\.log tells why:\n/);
  assert.match(readFileSync(join(directory, 'logs', 'function-c.log'), 'utf8'), /broken bundle/);
});

test('knows no other function', async () => {
  const { status, text } = await send({}, 'stop-run');
  assert.equal(status, 404);
  assert.match(text, /There is no function stop-run\. There are: function-a, function-b, function-c\./);
});

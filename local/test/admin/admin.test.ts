import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Cloud } from '../../cloud.ts';
import { WEBHOOK_PATH } from '../../slack/slack-sink.ts';
import { answers, becomes, getJson, nextActivity, startTestCloud, workFolder } from '../cloud/test-cloud.ts';
import { type ReportServer, startReportServer } from '../functions/report-server.ts';
import type { StubEvent } from '../functions/stub-bundles.ts';

const work = workFolder();
let cloud: Cloud;
let reports: ReportServer;

before(async () => {
  reports = await startReportServer();
  cloud = await startTestCloud({
    stateDir: join(work.path, 'state'),
    functionsDir: work.functionsDir,
    script: '#!/bin/bash\nexec sleep 600\n',
  });
});
after(async () => {
  await cloud.close();
  reports.server.close();
  reports.server.closeAllConnections();
  work.remove();
});

async function admin(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(cloud.endpoints.admin + path, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const messageOf = ({ body }: { body: unknown }) => (body as { error: { message: string } }).error.message;
const start = () =>
  fetch(
    `${cloud.endpoints.compute}/compute/v1/projects/test-project/zones/us-east4-c/instances/machine/start`,
    { method: 'POST' },
  );

test('orders a fault, counts how often it struck, and takes it back', async () => {
  const rule = { operation: 'slack.webhook', kind: 'error', status: 429, headers: { 'retry-after': '1' } };
  const added = await admin('POST', '/faults', rule);
  assert.equal(added.status, 200);
  const struck = await fetch(cloud.endpoints.slack + WEBHOOK_PATH, { method: 'POST', body: '{"text":"a"}' });
  assert.equal(struck.status, 429);
  const { faults } = (await admin('GET', '/faults')).body as { faults: object[] };
  assert.deepEqual(faults, [{ ...(added.body as object), seen: 1, struck: 1 }]);
  assert.equal((await admin('DELETE', '/faults')).status, 204);
  assert.deepEqual((await admin('GET', '/faults')).body, { faults: [] });
});

test('refuses a fault that would never strike', async () => {
  assert.equal(
    messageOf(await admin('POST', '/faults', { operation: 'storage.*' })),
    'A fault needs an operation, such as "storage.objects.*", and a kind, such as "error".',
  );
  assert.equal(
    messageOf(await admin('POST', '/faults', { operation: 'a', kind: 'error', time: 2 })),
    'A fault has no field time. It has: operation, kind, status, reason, headers, text, delayMs, afterBytes, times, skip, probability, urlContains.',
  );
  assert.equal(
    messageOf(await admin('POST', '/faults', { operation: 'a', kind: 'error', status: '503' })),
    'status of a fault must be a number, not "503".',
  );
});

test('moves the clock forward, and only forward', async () => {
  const { body } = await admin('POST', '/clock', { advanceSeconds: 90 });
  assert.equal((body as { aheadSeconds: number }).aheadSeconds, 90);
  assert.deepEqual(Object.keys((await admin('GET', '/clock')).body as object), ['now', 'aheadSeconds']);
  const refused = await admin('POST', '/clock', { advanceSeconds: -1 });
  assert.equal(refused.status, 400);
  assert.equal(
    messageOf(refused),
    'advanceSeconds must be a number of seconds, 0 or more: the clock only goes forward.',
  );
});

test('counts the calls by operation and status', async () => {
  await admin('DELETE', '/calls');
  await fetch(`${cloud.endpoints.storage}/storage/v1/b/test-project`);
  await fetch(`${cloud.endpoints.storage}/storage/v1/b/none-such`);
  const { calls } = (await admin('GET', '/calls')).body as { calls: Record<string, object> };
  assert.deepEqual(calls['storage.buckets.get'], { 200: 1, 404: 1 });
});

test('cuts the power of the VM, and takes a machine back', async () => {
  for (const way of ['kill', 'host-error', 'preempt']) {
    const [running, off] = [
      nextActivity(cloud, becomes('RUNNING')),
      nextActivity(cloud, becomes('TERMINATED')),
    ];
    await start();
    await running;
    assert.equal((await admin('POST', `/instances/machine/${way}`)).status, 200);
    await off;
  }
  assert.equal((await admin('POST', '/instances/none-such/kill')).status, 404);
});

test('kills a function now, or after so many calls of its next event', async () => {
  const lost = publish({ calls: [reports.url], ends: 'never' });
  await reports.next();
  assert.equal((await admin('POST', '/functions/function-a/kill')).status, 200);
  assert.equal(await lost, 503);
  assert.equal(
    messageOf(await admin('POST', '/functions/function-a/kill')),
    'function-a has no running instance to kill.',
  );

  await admin('POST', '/functions/function-b/crash', { afterCalls: 2 });
  const bucket = `${cloud.endpoints.storage}/storage/v1/b/test-project`;
  await admin('DELETE', '/calls');
  assert.equal(
    await publish({ calls: [bucket, bucket, bucket], ends: 'never' }, 'function-b', 'topic-b'),
    503,
  );
  assert.equal(
    messageOf(await admin('POST', '/functions/function-a/crash', { afterCalls: 'two' })),
    'afterCalls must be a whole number of calls, 0 or more.',
  );
});

test('tells at a glance what is going on', async () => {
  const state = await getJson<{ instances: object[]; functions: { name: string }[] }>(cloud.endpoints.admin);
  assert.deepEqual(state.instances, [
    {
      name: 'machine',
      zone: 'us-east4-c',
      status: 'TERMINATED',
      machineType: 'c4d-highcpu-32',
      labels: {},
      preempted: true,
    },
  ]);
  assert.deepEqual(
    state.functions.map(({ name }) => name),
    ['function-a', 'function-b', 'function-c'],
  );
});

/** Publishes an event for a stub; resolves with the status of its first answer. */
async function publish(event: StubEvent, name = 'function-a', topic = 'topic-a'): Promise<number> {
  const answered = nextActivity(cloud, answers(name));
  const data = Buffer.from(JSON.stringify(event)).toString('base64');
  cloud.pubsub.publish(`projects/test-project/topics/${topic}`, { data });
  const activity = await answered;
  return activity.kind === 'function' ? activity.event.status : 0;
}

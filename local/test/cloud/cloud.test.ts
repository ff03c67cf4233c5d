import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadConfig } from '../../../shared/config/load.ts';
import { type Cloud, startCloud } from '../../cloud.ts';
import { listen } from '../../http/service.ts';
import { SERVICES } from '../../ports.ts';
import { answers, becomes, getJson, HELLO, nextActivity, startTestCloud, workFolder } from './test-cloud.ts';

const work = workFolder();
after(work.remove);
const { functionsDir } = work;
const PROJECT = 'projects/vicinity-local';
const INSTANCE = `compute/v1/${PROJECT}/zones/us-east4-c/instances/vicinity-batch`;

interface Resource {
  name: string;
  status: string;
  metadata: { items: { key: string; value: string }[]; fingerprint: string };
  machineType: string;
}

const instanceOf = (cloud: Cloud) => getJson<Resource>(`${cloud.endpoints.compute}/${INSTANCE}`);
const metadataOf = async (cloud: Cloud) =>
  Object.fromEntries((await instanceOf(cloud)).metadata.items.map(({ key, value }) => [key, value]));

test('makes everything that the control plane needs', async () => {
  await using cloud = await startTestCloud({ stateDir: join(work.path, 'all'), functionsDir });
  const { storage, pubsub, scheduler } = cloud.endpoints;
  const { topics } = await getJson<{ topics: Resource[] }>(`${pubsub}/v1/${PROJECT}/topics`);
  assert.deepEqual(
    topics.map(({ name }) => name.split('/').at(-1)),
    ['vicinity-dead-letter', 'vicinity-run', 'vicinity-run-finished', 'vicinity-sweep'],
  );
  const subscription = await getJson<object>(`${pubsub}/v1/${PROJECT}/subscriptions/finish-run`);
  assert.deepEqual(subscription, {
    name: `${PROJECT}/subscriptions/finish-run`,
    topic: `${PROJECT}/topics/vicinity-run-finished`,
    pushConfig: {
      pushEndpoint: `${cloud.endpoints.functions}/finish-run/${PROJECT}/topics/vicinity-run-finished`,
    },
    ackDeadlineSeconds: 600,
    messageRetentionDuration: '604800s',
    retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
    deadLetterPolicy: { deadLetterTopic: `${PROJECT}/topics/vicinity-dead-letter`, maxDeliveryAttempts: 20 },
    expirationPolicy: {},
    state: 'ACTIVE',
  });
  const job = await getJson<{ schedule: string }>(
    `${scheduler}/v1/${PROJECT}/locations/us-east4/jobs/vicinity-sweep`,
  );
  assert.equal(job.schedule, '*/10 * * * *');
  assert.equal((await fetch(`${storage}/storage/v1/b/vicinity-local`)).status, 200);
  const { status, machineType } = await instanceOf(cloud);
  assert.deepEqual([status, machineType.split('/').at(-1)], ['TERMINATED', 'c4d-highcpu-32']);
  assert.deepEqual(await metadataOf(cloud), { 'startup-script': HELLO });
});

test('a message reaches its function, a VM runs its script, and the clock fires the sweep', async () => {
  await using cloud = await startTestCloud({ stateDir: join(work.path, 'run'), functionsDir });
  const called = nextActivity(cloud, answers('start-run'));
  cloud.pubsub.publish(`${PROJECT}/topics/vicinity-run`, { data: 'e30=' });
  const off = nextActivity(cloud, becomes('TERMINATED'));
  await fetch(`${cloud.endpoints.compute}/${INSTANCE}/start`, { method: 'POST' });
  await off;
  const { contents } = await getJson<{ contents: string }>(
    `${cloud.endpoints.compute}/${INSTANCE}/serialPort`,
  );
  assert.match(contents, /hello from the VM/);
  assert.deepEqual(await called, { kind: 'function', event: { ...(await eventOf(called)), status: 204 } });
  const swept = nextActivity(cloud, answers('sweep-runs'));
  cloud.clock.advance(600_000);
  await swept;
});

test('keeps its state, takes the new startup script, and leaves other metadata alone', async () => {
  const stateDir = join(work.path, 'kept');
  await using first = await startTestCloud({ stateDir, functionsDir });
  const { metadata } = await instanceOf(first);
  const items = [...metadata.items, { key: 'ssh-keys', value: 'ada:ssh-ed25519 AAAA' }];
  await fetch(`${first.endpoints.compute}/${INSTANCE}/setMetadata`, {
    method: 'POST',
    body: JSON.stringify({ items, fingerprint: metadata.fingerprint }),
  });
  const upload = `${first.endpoints.storage}/upload/storage/v1/b/vicinity-local/o?uploadType=media&name=kept`;
  await fetch(upload, { method: 'POST', body: 'bytes' });
  await first.close();

  await using second = await startTestCloud({ stateDir, functionsDir, startupScript: 'new' });
  assert.deepEqual(await metadataOf(second), { 'startup-script': 'new', 'ssh-keys': 'ada:ssh-ed25519 AAAA' });
  const kept = await fetch(`${second.endpoints.storage}/storage/v1/b/vicinity-local/o/kept?alt=media`);
  assert.equal(await kept.text(), 'bytes');
  const called = nextActivity(second, answers('start-run'));
  second.pubsub.publish(`${PROJECT}/topics/vicinity-run`, { data: 'e30=' });
  assert.equal((await eventOf(called)).status, 204);
});

test('goes on at its own time: what is recorded is never ahead of it', async () => {
  const stateDir = join(work.path, 'ahead');
  await using first = await startTestCloud({ stateDir, functionsDir });
  first.clock.advance(7_200_000);
  const before = first.clock.now();
  await first.close();

  await using second = await startTestCloud({ stateDir, functionsDir });
  assert.ok(second.clock.now() >= before, `${second.clock.now().toISOString()} < ${before.toISOString()}`);
});

test('two clouds run side by side', async () => {
  await using one = await startTestCloud({ stateDir: join(work.path, 'one'), functionsDir });
  await using two = await startTestCloud({ stateDir: join(work.path, 'two'), functionsDir });
  const ports = [one, two].flatMap(({ endpoints }) => Object.values(endpoints));
  assert.equal(new Set(ports).size, 2 * SERVICES.length);
});

test('a taken port is named with the remedy, and nothing is left running', async (t) => {
  const blocker = createServer();
  t.after(() => blocker.close());
  // Below the ports that the system gives out, so that no other test has one of the block.
  const portBase = 20_000 + (process.pid % 1000) * 10;
  const taken = await listen(blocker, portBase + SERVICES.indexOf('slack'));
  const options = { stateDir: join(work.path, 'taken'), functionsDir, startupScript: HELLO, portBase };
  const config = loadConfig({ env: {} });
  await assert.rejects(startCloud({ ...options, config }), {
    name: 'PortInUseError',
    message:
      `Port ${taken} of 127.0.0.1, for slack, is taken: another local cloud or another program listens there. ` +
      `Stop it (vicinity local down, where it was started), or choose other ports: vicinity local up --port-base ${portBase + 1000}`,
  });
  await new Promise((resolve) => blocker.close(resolve));
  await using cloud = await startCloud({ ...options, config });
  assert.equal(cloud.endpoints.slack, `http://127.0.0.1:${taken}`);
});

async function eventOf(activity: Promise<Awaited<ReturnType<typeof nextActivity>>>) {
  const { kind, ...rest } = await activity;
  assert.ok(kind === 'function' && 'event' in rest && 'function' in rest.event);
  return rest.event;
}

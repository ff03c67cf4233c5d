import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { webhookUrl } from '../../../local/endpoints.ts';
import { BOT_TOKEN } from '../../../local/slack/bot-api.ts';
import { startReportServer } from '../../../local/test/functions/report-server.ts';
import { pushOf, writeStubBundles } from '../../../local/test/functions/stub-bundles.ts';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../../sandbox/local-cloud.ts';
import { loadConfig } from '../../../shared/config/load.ts';
import { FUNCTIONS } from '../../../shared/model/functions.ts';

const work = mkdtempSync(join(tmpdir(), 'local-cloud-'));
after(() => rmSync(work, { recursive: true }));
const functionsDir = writeStubBundles(join(work, 'bundles'), FUNCTIONS);
const PROJECT = 'projects/vicinity-local';
const INSTANCE = `compute/v1/${PROJECT}/zones/us-east4-c/instances/vicinity-batch`;
const SECRET = 'vicinity-slack-webhook';

interface Resource {
  name: string;
  status: string;
  metadata: { items: { key: string; value: string }[]; fingerprint: string };
  machineType: string;
}

function start(name: string, options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  return startLocalCloud({
    stateDir: join(work, name),
    portBase: 0,
    config: loadConfig({ env: {} }),
    functionsDir,
    startupScript: 'old',
    ...options,
  });
}

async function getJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

const instanceOf = (cloud: LocalCloud) => getJson<Resource>(`${cloud.endpoints.compute}/${INSTANCE}`);
const metadataOf = async (cloud: LocalCloud) =>
  Object.fromEntries((await instanceOf(cloud)).metadata.items.map(({ key, value }) => [key, value]));
const secretOf = ({ project }: LocalCloud) =>
  Buffer.from(project.secrets.access(SECRET, 'latest').payload.data ?? '', 'base64').toString('utf8');

test('creates the resources of the table', async () => {
  await using cloud = await start('all');
  const { storage, pubsub, scheduler } = cloud.endpoints;
  const { topics } = await getJson<{ topics: Resource[] }>(`${pubsub}/v1/${PROJECT}/topics`);
  assert.deepEqual(
    topics.map(({ name }) => name.split('/').at(-1)),
    ['vicinity-dead-letter', 'vicinity-run', 'vicinity-run-finished', 'vicinity-sweep'],
  );
  const subscription = await getJson<object>(`${pubsub}/v1/${PROJECT}/subscriptions/finish-run`);
  const url = `${cloud.endpoints.functions}/finish-run`;
  assert.deepEqual(subscription, {
    name: `${PROJECT}/subscriptions/finish-run`,
    topic: `${PROJECT}/topics/vicinity-run-finished`,
    pushConfig: {
      pushEndpoint: `${url}/${PROJECT}/topics/vicinity-run-finished`,
      oidcToken: {
        serviceAccountEmail: 'vicinity-push@vicinity-local.iam.gserviceaccount.com',
        audience: url,
      },
    },
    ackDeadlineSeconds: 600,
    messageRetentionDuration: '604800s',
    retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
    deadLetterPolicy: { deadLetterTopic: `${PROJECT}/topics/vicinity-dead-letter`, maxDeliveryAttempts: 20 },
    expirationPolicy: {},
    state: 'ACTIVE',
  });
  const { jobs } = await getJson<{ jobs: { name: string; schedule: string }[] }>(
    `${scheduler}/v1/${PROJECT}/locations/us-east4/jobs`,
  );
  assert.deepEqual(
    jobs.map(({ name, schedule }) => [name.split('/').at(-1), schedule]),
    [
      ['vicinity-retire', '30 4 * * *'],
      ['vicinity-sweep', '*/10 * * * *'],
    ],
  );
  assert.equal((await fetch(`${storage}/storage/v1/b/vicinity-local`)).status, 200);
  const { status, machineType } = await instanceOf(cloud);
  assert.deepEqual([status, machineType.split('/').at(-1)], ['TERMINATED', 'c4d-highcpu-32']);
  assert.deepEqual(await metadataOf(cloud), { 'startup-script': 'old' });
});

test('takes a new startup script at the next start, and keeps other metadata', async () => {
  await using first = await start('kept');
  const { metadata } = await instanceOf(first);
  const items = [...metadata.items, { key: 'ssh-keys', value: 'ada:ssh-ed25519 AAAA' }];
  await fetch(`${first.endpoints.compute}/${INSTANCE}/setMetadata`, {
    method: 'POST',
    body: JSON.stringify({ items, fingerprint: metadata.fingerprint }),
  });
  await first.close();
  await using second = await start('kept', { startupScript: 'new' });
  assert.deepEqual(await metadataOf(second), { 'startup-script': 'new', 'ssh-keys': 'ada:ssh-ed25519 AAAA' });
});

test('an empty project has none of them', async () => {
  await using cloud = await start('empty', { empty: true });
  const { pubsub, storage } = cloud.endpoints;
  const { topics = [] } = await getJson<{ topics?: Resource[] }>(`${pubsub}/v1/${PROJECT}/topics`);
  assert.deepEqual(topics, []);
  assert.equal((await fetch(`${storage}/storage/v1/b/vicinity-local`)).status, 404);
});

test('the secret is the address of the local webhook, and that of the next start', async () => {
  await using first = await start('webhook');
  assert.equal(secretOf(first), webhookUrl(first.endpoints));
  await first.close();
  await using second = await start('webhook');
  assert.equal(secretOf(second), webhookUrl(second.endpoints));
});

test('with a channel configured, the secret is the token of the local bot', async () => {
  const config = loadConfig({ text: 'slack:\n  channel: "#maps"\n', env: {} });
  await using cloud = await start('bot', { config });
  assert.equal(secretOf(cloud), BOT_TOKEN);
});

test('a secret that a person has set stays', async () => {
  await using first = await start('own-secret');
  const data = Buffer.from('https://hooks.slack.com/services/T/B/x').toString('base64');
  first.project.secrets.addVersion(SECRET, { data });
  await first.close();
  await using second = await start('own-secret');
  assert.equal(secretOf(second), 'https://hooks.slack.com/services/T/B/x');
});

test('a function finds the secret in the file that its environment names', async (t) => {
  const reports = await startReportServer();
  t.after(() => {
    reports.server.close();
    reports.server.closeAllConnections();
  });
  await using cloud = await start('mounted');
  const url = `${cloud.endpoints.functions}/start-run/${PROJECT}/topics/vicinity-run`;
  const headers = { 'content-type': 'application/json' };
  await fetch(url, { method: 'POST', headers, body: pushOf({ calls: [reports.url] }) });
  const { env } = await reports.next();
  assert.equal(
    env.VICINITY_SLACK_WEBHOOK_FILE,
    join(work, 'mounted', 'mounts', 'start-run', '0', 'slack-webhook'),
  );
  assert.equal(env.VICINITY_COMPUTE_ENDPOINT, cloud.endpoints.compute);
});

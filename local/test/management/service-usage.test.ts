import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceUsageClient } from '@google-cloud/service-usage';
import { gcloudFor, withoutGcloud } from '../support/gcloud.ts';
import { messageOf, NUMBER, PROJECT, startManagement } from './start.ts';

const SCHEDULER = 'cloudscheduler.googleapis.com';

test('the official client enables APIs, and those that they need, when the operation is done', async (t) => {
  const { options } = await startManagement(t);
  const client = new ServiceUsageClient(options);
  const name = `projects/${PROJECT}/services/${SCHEDULER}`;
  assert.equal((await client.getService({ name }))[0].state, 'DISABLED');
  const [operation] = await client.batchEnableServices({
    parent: `projects/${PROJECT}`,
    serviceIds: [SCHEDULER, 'run.googleapis.com'],
  });
  assert.equal((await client.getService({ name }))[0].state, 'DISABLED');
  const [{ services = [] }] = await operation.promise();
  assert.deepEqual(
    services?.map((service) => service.name),
    [`projects/${NUMBER}/services/${SCHEDULER}`, `projects/${NUMBER}/services/run.googleapis.com`],
  );
  assert.equal((await client.getService({ name }))[0].state, 'ENABLED');
  const [enabled] = await client.listServices({ parent: `projects/${PROJECT}`, filter: 'state:ENABLED' });
  assert.ok(enabled.some((service) => service.config?.name === 'artifactregistry.googleapis.com'));
});

test('disables an API unless another one needs it', async (t) => {
  const { rest, clock } = await startManagement(t);
  const services = `v1/projects/${PROJECT}/services`;
  await rest('POST', `${services}/run.googleapis.com:enable`);
  clock.advance(1000);
  const refused = await rest('POST', `${services}/pubsub.googleapis.com:disable`, {});
  assert.equal(refused.status, 400);
  assert.match(
    messageOf(refused),
    /^The service pubsub\.googleapis\.com is depended on by .*: run\.googleapis\.com;/,
  );
  const { body } = await rest('POST', `${services}/run.googleapis.com:disable`, {});
  clock.advance(1000);
  assert.equal((await rest('GET', `v1/${body.name}`)).body.response?.service?.state, 'DISABLED');
});

test('knows no other API', async (t) => {
  const { rest } = await startManagement(t);
  const answer = await rest('POST', `v1/projects/${PROJECT}/services/translate.googleapis.com:enable`);
  assert.deepEqual(
    [answer.status, messageOf(answer)],
    [403, 'Not found or permission denied for service(s): translate.googleapis.com.'],
  );
});

test('gcloud services: enable, list, disable', { skip: withoutGcloud }, async (t) => {
  const { url } = await startManagement(t);
  const gcloud = gcloudFor(t, { SERVICEUSAGE: `${url}/` });
  await gcloud('services', 'enable', SCHEDULER, 'secretmanager.googleapis.com');
  const { stdout } = await gcloud('services', 'list', '--enabled', '--format=value(config.name)');
  assert.ok(stdout.split('\n').includes(SCHEDULER), stdout);
  await gcloud('services', 'disable', SCHEDULER, '--force');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { gcloudFor, withoutGcloud } from '../support/gcloud.ts';
import { messageOf, NUMBER, PROJECT, startManagement } from './start.ts';

const NAME = `projects/${NUMBER}/secrets/slack-webhook`;
const SECRET = `v1/projects/${PROJECT}/secrets/slack-webhook`;

test('the official client: a secret from the first version to the last', async (t) => {
  const { options } = await startManagement(t);
  const client = new SecretManagerServiceClient(options);
  const name = `projects/${PROJECT}/secrets/slack-webhook`;
  const [created] = await client.createSecret({
    parent: `projects/${PROJECT}`,
    secretId: 'slack-webhook',
    secret: { replication: { automatic: {} }, labels: { 'managed-by': 'test' } },
  });
  assert.equal(created.name, NAME);
  for (const data of ['one', 'two'])
    await client.addSecretVersion({ parent: name, payload: { data: Buffer.from(data) } });
  const [accessed] = await client.accessSecretVersion({ name: `${name}/versions/latest` });
  assert.deepEqual([accessed.name, String(accessed.payload?.data)], [`${NAME}/versions/2`, 'two']);
  const [versions] = await client.listSecretVersions({ parent: name });
  assert.deepEqual(
    versions.map((version) => version.name?.split('/').at(-1)),
    ['2', '1'],
  );
  await client.destroySecretVersion({ name: `${name}/versions/1` });
  await assert.rejects(client.accessSecretVersion({ name: `${name}/versions/1` }), {
    message: new RegExp(`Secret Version \\[${NAME}/versions/1\\] is in DESTROYED state`),
  });
  const [policy] = await client.getIamPolicy({ resource: name });
  const binding = { role: 'roles/secretmanager.secretAccessor', members: ['user:ada@example.com'] };
  await client.setIamPolicy({ resource: name, policy: { ...policy, bindings: [binding] } });
  const [{ bindings }] = await client.getIamPolicy({ resource: name });
  assert.deepEqual(bindings?.[0]?.members, binding.members);
  const labels = { 'managed-by': 'test', team: 'maps' };
  const [updated] = await client.updateSecret({
    secret: { name, labels },
    updateMask: { paths: ['labels'] },
  });
  assert.deepEqual(updated.labels, labels);
  await client.deleteSecret({ name });
  await assert.rejects(client.getSecret({ name }), { message: /not found/ });
});

test('refuses what Secret Manager refuses', async (t) => {
  const { rest } = await startManagement(t);
  const secrets = `v1/projects/${PROJECT}/secrets`;
  const bare = await rest('POST', `${secrets}?secretId=slack-webhook`, {});
  assert.equal(messageOf(bare), 'The secret must have a replication: automatic or userManaged.');
  await rest('POST', `${secrets}?secretId=slack-webhook`, { replication: { automatic: {} } });
  assert.equal(
    (await rest('POST', `${secrets}?secretId=slack-webhook`, { replication: { automatic: {} } })).status,
    409,
  );
  const none = await rest('GET', `${SECRET}/versions/latest:access`);
  assert.deepEqual(
    [none.status, messageOf(none)],
    [404, `Secret Version [${NAME}/versions/latest] not found.`],
  );
  const large = { payload: { data: Buffer.alloc(65 * 1024, 'x').toString('base64') } };
  assert.equal(
    messageOf(await rest('POST', `${SECRET}:addVersion`, large)),
    'The secret payload has 66560 bytes; it may have 65536.',
  );
  const corrupt = { payload: { data: 'b25l', dataCrc32c: '1' } };
  assert.match(messageOf(await rest('POST', `${SECRET}:addVersion`, corrupt)), /^The payload is corrupt/);
});

test('gcloud secrets: create with data, add, access, list, destroy', { skip: withoutGcloud }, async (t) => {
  const { url } = await startManagement(t);
  const gcloud = gcloudFor(t, { SECRETMANAGER: `${url}/` });
  const secrets = (...args: string[]) => gcloud('secrets', ...args);
  await secrets('create', 'slack-webhook', '--replication-policy=automatic');
  await secrets('versions', 'add', 'slack-webhook', `--data-file=${import.meta.filename}`);
  const { stdout } = await secrets('versions', 'access', 'latest', '--secret=slack-webhook');
  assert.match(stdout, /^import assert/);
  const binding = ['--member=user:ada@example.com', '--role=roles/secretmanager.secretAccessor'];
  await secrets('add-iam-policy-binding', 'slack-webhook', ...binding);
  await secrets('versions', 'destroy', '1', '--secret=slack-webhook');
  await secrets('delete', 'slack-webhook');
});

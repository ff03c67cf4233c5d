import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { v1 } from '@google-cloud/pubsub';
import { credentials, status } from '@grpc/grpc-js';
import {
  BUCKET,
  EMAIL,
  type GuardedCloud,
  INSTANCE,
  MEMBER,
  startGuardedCloud,
  TOPIC,
} from './guarded-cloud.ts';

const PROJECT = '//cloudresourcemanager.googleapis.com/projects/test-project';
const ON_BUCKET = `//storage.googleapis.com/projects/_/buckets/${BUCKET}`;
const CUSTOM = 'projects/test-project/roles/testControl';
const OBJECTS = `storage/v1/b/${BUCKET}/o`;
const upload = (name: string) =>
  `upload/storage/v1/b/${BUCKET}/o?uploadType=media&name=${encodeURIComponent(name)}`;
const below = (prefix: string) => ({
  title: 'below',
  expression: `resource.name.startsWith("projects/_/buckets/${BUCKET}/objects/${prefix}")`,
});

// No metadata server is meant: the clients are not to look for one in the network.
process.env.METADATA_SERVER_DETECTION = 'none';

let guarded: GuardedCloud;
before(async () => {
  guarded = await startGuardedCloud();
});
after(() => guarded[Symbol.asyncDispose]());

test('the person at this computer needs no credentials; a foreign token is refused', async () => {
  assert.equal((await guarded.owner('storage', 'GET', `storage/v1/b/${BUCKET}`)).status, 200);
  const response = await fetch(`${guarded.cloud.endpoints.storage}/storage/v1/b/${BUCKET}`, {
    headers: { authorization: 'Bearer ya29.a0real' },
  });
  assert.equal(response.status, 401);
});

test('an account without a role may do nothing, and is told which permission it lacks', async () => {
  const refusals = [
    await guarded.call('storage', 'POST', upload('runs/1'), 'x'),
    await guarded.call('storage', 'GET', `storage/v1/b/${BUCKET}`),
    await guarded.call('pubsub', 'POST', `v1/${TOPIC}:publish`, { messages: [{ data: 'e30=' }] }),
    await guarded.call('compute', 'POST', `${INSTANCE}/start`),
    await guarded.call('management', 'GET', 'v3/projects/test-project'),
    await guarded.call('scheduler', 'GET', 'v1/projects/test-project/locations/us-east4/jobs'),
  ];
  assert.deepEqual(
    refusals.map(({ status, message }) => [status, message]),
    [
      [
        403,
        `${EMAIL} does not have storage.objects.create access to the Google Cloud Storage object. Permission 'storage.objects.create' denied on resource (or it may not exist).`,
      ],
      [
        403,
        `${EMAIL} does not have storage.buckets.get access to the Google Cloud Storage bucket. Permission 'storage.buckets.get' denied on resource (or it may not exist).`,
      ],
      [403, `Permission 'pubsub.topics.publish' denied on resource '${TOPIC}' (or it may not exist).`],
      [
        403,
        "Required 'compute.instances.start' permission for 'projects/test-project/zones/us-east4-c/instances/guarded'",
      ],
      [
        403,
        "Permission 'resourcemanager.projects.get' denied on resource 'projects/test-project' (or it may not exist).",
      ],
      [
        403,
        "Permission 'cloudscheduler.jobs.list' denied on resource 'projects/test-project' (or it may not exist).",
      ],
    ],
  );
});

test('a condition on names holds for the objects below it, and for no listing', async () => {
  guarded.grant(ON_BUCKET, {
    role: 'roles/storage.objectUser',
    members: [MEMBER],
    condition: below('runs/'),
  });
  assert.equal((await guarded.call('storage', 'POST', upload('runs/1'), 'x')).status, 200);
  assert.equal((await guarded.call('storage', 'POST', upload('src/1'), 'x')).status, 403);
  assert.equal((await guarded.call('storage', 'GET', `${OBJECTS}?prefix=runs/`)).status, 403);
  // Only who may list the bucket is told that an object is not there.
  const missing = await guarded.call('storage', 'GET', `${OBJECTS}/runs%2F2`);
  assert.deepEqual([missing.status, missing.message.includes('storage.objects.list')], [403, true]);
});

test('who may create an object may not replace it', async () => {
  guarded.grant(ON_BUCKET, {
    role: 'roles/storage.objectCreator',
    members: [MEMBER],
    condition: below('claims/'),
  });
  assert.equal((await guarded.call('storage', 'POST', upload('claims/1'), 'x')).status, 200);
  const again = await guarded.call('storage', 'POST', upload('claims/1'), 'y');
  assert.equal(again.status, 403);
  assert.match(again.message, /does not have storage\.objects\.delete access/);
  assert.equal(
    (await guarded.call('storage', 'POST', `${upload('claims/1')}&ifGenerationMatch=0`, 'y')).status,
    412,
  );
});

test('a custom role on an instance grants what it includes there, and nothing once it is deleted', async () => {
  const { roles } = guarded.cloud.project.directory;
  const includedPermissions = ['compute.instances.get', 'compute.instances.setMetadata'];
  roles.create('testControl', { includedPermissions });
  const resource = `//compute.googleapis.com/${INSTANCE.replace('compute/v1/', '')}`;
  guarded.grant(resource, { role: CUSTOM, members: [MEMBER] });
  const got = await guarded.call('compute', 'GET', INSTANCE);
  assert.equal(got.status, 200);
  const { fingerprint } = JSON.parse(got.text).metadata;
  const set = () => guarded.call('compute', 'POST', `${INSTANCE}/setMetadata`, { fingerprint, items: [] });
  assert.equal(
    (await set()).message,
    `Permission 'iam.serviceAccounts.actAs' denied on service account ${EMAIL} (or it may not exist).`,
  );
  const account = `//iam.googleapis.com/projects/test-project/serviceAccounts/${EMAIL}`;
  guarded.grant(account, { role: 'roles/iam.serviceAccountUser', members: [MEMBER] });
  assert.equal((await set()).status, 200);
  roles.delete(CUSTOM);
  assert.equal((await guarded.call('compute', 'GET', INSTANCE)).status, 403);
  roles.undelete(CUSTOM);
  assert.equal((await guarded.call('compute', 'GET', INSTANCE)).status, 200);
});

test('over gRPC too', async () => {
  const { hostname, port } = new URL(guarded.cloud.endpoints.pubsub);
  const sslCreds = credentials.createInsecure();
  const client = new v1.PublisherClient({ servicePath: hostname, port: Number(port), sslCreds });
  const publish = (email: string) =>
    client.publish(
      { topic: TOPIC, messages: [{ data: Buffer.from('{}') }] },
      { otherArgs: { headers: { authorization: `Bearer ya29.local.${email}` } } },
    );
  await assert.rejects(publish(EMAIL), {
    code: status.PERMISSION_DENIED,
    details: `Permission 'pubsub.topics.publish' denied on resource '${TOPIC}' (or it may not exist).`,
  });
  await publish('user@localhost');
  await client.close();
});

test('lists what was used by which binding, and what was refused', async () => {
  const { usage } = guarded.cloud.project.directory;
  usage.clear();
  guarded.grant(PROJECT, { role: 'roles/pubsub.publisher', members: [MEMBER] });
  await guarded.call('pubsub', 'POST', `v1/${TOPIC}:publish`, { messages: [{ data: 'e30=' }] });
  await guarded.call('pubsub', 'GET', `v1/${TOPIC}`);
  const response = await fetch(`${guarded.cloud.endpoints.admin}/iam`);
  assert.deepEqual(await response.json(), {
    used: [
      {
        principal: MEMBER,
        permission: 'pubsub.topics.publish',
        resource: TOPIC,
        grantedBy: [{ role: 'roles/pubsub.publisher', on: PROJECT }],
      },
    ],
    refused: [{ principal: MEMBER, permission: 'pubsub.topics.get', resource: TOPIC }],
  });
  await fetch(`${guarded.cloud.endpoints.admin}/iam`, { method: 'DELETE' });
  assert.deepEqual(usage.toJSON(), { used: [], refused: [] });
});

test('a change of a policy takes its time where a fault says so, but is read at once', async () => {
  const { faults, clock, project } = guarded.cloud;
  const topic = `//pubsub.googleapis.com/${TOPIC}`;
  faults.add({ operation: 'iam.propagate', kind: 'delay', delayMs: 60_000, urlContains: TOPIC });
  guarded.grant(topic, { role: 'roles/pubsub.viewer', members: [MEMBER] });
  assert.equal(project.directory.policies.get(topic).bindings?.at(-1)?.role, 'roles/pubsub.viewer');
  const get = async () => (await guarded.call('pubsub', 'GET', `v1/${TOPIC}`)).status;
  assert.equal(await get(), 403);
  clock.advance(60_000);
  assert.equal(await get(), 200);
});

test('an API that is not enabled answers 403, with the command that enables it', async () => {
  const { clock, project } = guarded.cloud;
  project.services.disable('cloudscheduler.googleapis.com', true);
  clock.advance(1000);
  const path = 'v1/projects/test-project/locations/us-east4/jobs';
  const { status, message } = await guarded.owner('scheduler', 'GET', path);
  assert.deepEqual(
    [status, message],
    [
      403,
      'cloudscheduler.googleapis.com has not been used in project 123456789012 before or it is disabled. ' +
        'Enable it with: gcloud services enable cloudscheduler.googleapis.com --project=test-project',
    ],
  );
});

test('refuses a policy that it could not evaluate', async () => {
  const { directory } = guarded.cloud.project;
  const set = (binding: object) => {
    const bindings = [...(directory.policies.get(PROJECT).bindings ?? []), binding];
    const body = { policy: { version: 3, bindings } };
    return guarded.owner('management', 'POST', 'v3/projects/test-project:setIamPolicy', body);
  };
  assert.equal(
    (await set({ role: 'roles/compute.admin', members: [MEMBER] })).message,
    'The local cloud does not implement the role roles/compute.admin (IAM).',
  );
  const condition = { title: 'x', expression: 'resource.name.matches("x")' };
  assert.equal(
    (await set({ role: 'roles/pubsub.publisher', members: [MEMBER], condition })).message,
    'The local cloud does not implement the condition "resource.name.matches(\\"x\\")" (IAM).',
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iam_v1 } from '@googleapis/iam';
import { gcloudFor, withoutGcloud } from '../support/gcloud.ts';
import { messageOf, PROJECT, startManagement } from './start.ts';

const EMAIL = `test-vm@${PROJECT}.iam.gserviceaccount.com`;
const ACCOUNTS = `v1/projects/${PROJECT}/serviceAccounts`;
const ROLE = `projects/${PROJECT}/roles/testControl`;

test('the official client: a service account from the first to the last', async (t) => {
  const { url } = await startManagement(t);
  const { projects } = new iam_v1.Iam({ rootUrl: url });
  const parent = `projects/${PROJECT}`;
  const requestBody = { accountId: 'test-vm', serviceAccount: { displayName: 'The VM' } };
  const { data: created } = await projects.serviceAccounts.create({ name: parent, requestBody });
  assert.deepEqual([created.email, created.displayName], [EMAIL, 'The VM']);
  const name = `${parent}/serviceAccounts/${EMAIL}`;
  await projects.serviceAccounts.patch({
    name,
    requestBody: { serviceAccount: { description: 'runs jobs' }, updateMask: 'description' },
  });
  const { data: account } = await projects.serviceAccounts.get({ name });
  assert.deepEqual([account.displayName, account.description], ['The VM', 'runs jobs']);
  const { data: list } = await projects.serviceAccounts.list({ name: parent });
  assert.ok(list.accounts?.some(({ email }) => email === EMAIL));

  const binding = { role: 'roles/iam.serviceAccountUser', members: ['user:ada@example.com'] };
  const { data: policy } = await projects.serviceAccounts.getIamPolicy({ resource: name });
  await projects.serviceAccounts.setIamPolicy({
    resource: name,
    requestBody: { policy: { ...policy, bindings: [binding] } },
  });
  assert.deepEqual((await projects.serviceAccounts.getIamPolicy({ resource: name })).data.bindings, [
    binding,
  ]);
  await projects.serviceAccounts.delete({ name });
  await assert.rejects(projects.serviceAccounts.get({ name }), { status: 404 });
});

test('the official client: a custom role is deleted, seen so, and undeleted', async (t) => {
  const { url } = await startManagement(t);
  const { roles } = new iam_v1.Iam({ rootUrl: url }).projects;
  const role = { title: 'Control', includedPermissions: ['compute.instances.get'] };
  const requestBody = { roleId: 'testControl', role };
  const { data: created } = await roles.create({ parent: `projects/${PROJECT}`, requestBody });
  assert.deepEqual([created.name, created.stage], [ROLE, 'GA']);
  const includedPermissions = ['compute.instances.get', 'compute.instances.start'];
  const { data: patched } = await roles.patch({
    name: ROLE,
    updateMask: 'includedPermissions',
    requestBody: { includedPermissions, etag: created.etag ?? '' },
  });
  assert.deepEqual(patched.includedPermissions, includedPermissions);
  await roles.delete({ name: ROLE });
  assert.equal((await roles.get({ name: ROLE })).data.deleted, true);
  await assert.rejects(roles.create({ parent: `projects/${PROJECT}`, requestBody }), { status: 409 });
  const { data: restored } = await roles.undelete({ name: ROLE, requestBody: {} });
  assert.deepEqual([restored.deleted, restored.includedPermissions], [undefined, includedPermissions]);
  await assert.rejects(roles.patch({ name: ROLE, requestBody: { ...created, title: 'x' } }), { status: 409 });
});

test('an account made anew has nothing of what its predecessor was granted', async (t) => {
  const { rest } = await startManagement(t);
  await rest('POST', ACCOUNTS, { accountId: 'test-vm' });
  const { body: first } = await rest('GET', `${ACCOUNTS}/${EMAIL}`);
  const binding = { role: 'roles/pubsub.publisher', members: [`serviceAccount:${EMAIL}`] };
  await rest('POST', `v1/projects/${PROJECT}:setIamPolicy`, { policy: { bindings: [binding] } });
  await rest('DELETE', `${ACCOUNTS}/${EMAIL}`);
  await rest('POST', ACCOUNTS, { accountId: 'test-vm' });
  const { body: policy } = await rest('POST', `v1/projects/${PROJECT}:getIamPolicy`, {});
  assert.deepEqual(policy.bindings?.[0]?.members, [`deleted:serviceAccount:${EMAIL}?uid=${first.uniqueId}`]);
});

test('refuses names that Google Cloud refuses', async (t) => {
  const { rest } = await startManagement(t);
  const account = await rest('POST', ACCOUNTS, { accountId: 'vm' });
  assert.match(messageOf(account), /^Account id "vm" does not have a length between 6 and 30/);
  const permission = { roleId: 'one', role: { includedPermissions: ['compute'] } };
  const role = await rest('POST', `v1/projects/${PROJECT}/roles`, permission);
  assert.equal(messageOf(role), 'Permission compute is not valid.');
});

test('gcloud iam: accounts, their policies, and roles', { skip: withoutGcloud }, async (t) => {
  const { url } = await startManagement(t);
  const gcloud = gcloudFor(t, { IAM: `${url}/` });
  const iam = (...args: string[]) => gcloud('iam', ...args);
  await iam('service-accounts', 'create', 'test-vm', '--display-name=The VM');
  const { stdout } = await iam('service-accounts', 'describe', EMAIL, '--format=value(displayName)');
  assert.equal(stdout, 'The VM\n');
  const binding = [
    '--member=user:ada@example.com',
    '--role=roles/iam.serviceAccountUser',
    '--condition=None',
  ];
  await iam('service-accounts', 'add-iam-policy-binding', EMAIL, ...binding);
  const role = ['testControl', `--project=${PROJECT}`];
  await iam('roles', 'create', ...role, '--title=Control', '--permissions=compute.instances.get');
  const described = await iam('roles', 'describe', ...role, '--format=value(includedPermissions)');
  assert.equal(described.stdout, 'compute.instances.get\n');
});

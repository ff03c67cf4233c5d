import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProjectsClient } from '@google-cloud/resource-manager';
import { gcloudFor, withoutGcloud } from '../support/gcloud.ts';
import { messageOf, NUMBER, PROJECT, startManagement } from './start.ts';

const VIEWER = { role: 'roles/logging.viewer', members: ['user:ada@example.com'] };

test('the official client reads the project, and changes its policy', async (t) => {
  const { options } = await startManagement(t);
  const client = new ProjectsClient(options);
  const [project] = await client.getProject({ name: `projects/${PROJECT}` });
  assert.deepEqual(
    [project.name, project.projectId, project.state],
    [`projects/${NUMBER}`, PROJECT, 'ACTIVE'],
  );
  const resource = `projects/${PROJECT}`;
  const [policy] = await client.getIamPolicy({ resource });
  const before = policy.bindings ?? [];
  assert.ok(before.some(({ role }) => role === 'roles/owner'));
  const [changed] = await client.setIamPolicy({
    resource,
    policy: { ...policy, bindings: [...before, VIEWER] },
  });
  assert.notDeepEqual(changed.etag, policy.etag);
  const [{ bindings }] = await client.getIamPolicy({ resource });
  assert.deepEqual(bindings?.at(-1)?.members, VIEWER.members);
});

test('refuses a policy that somebody else has changed meanwhile', async (t) => {
  const { rest } = await startManagement(t);
  const path = `v1/projects/${PROJECT}`;
  const { body: policy } = await rest('POST', `${path}:getIamPolicy`, {});
  const bindings = [...(policy.bindings ?? []), VIEWER];
  assert.equal((await rest('POST', `${path}:setIamPolicy`, { policy: { ...policy, bindings } })).status, 200);
  const late = await rest('POST', `${path}:setIamPolicy`, { policy });
  assert.deepEqual(
    [late.status, late.body.error?.status, messageOf(late)],
    [
      409,
      'ABORTED',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    ],
  );
});

const REFUSED: [what: string, binding: object, message: string][] = [
  [
    'a member of no known type',
    { role: 'roles/owner', members: ['ada'] },
    'The member "ada" is of no known type; it is written like "user:ada@example.com".',
  ],
  [
    'an account that does not exist',
    { role: 'roles/owner', members: [`serviceAccount:nobody@${PROJECT}.iam.gserviceaccount.com`] },
    `Service account nobody@${PROJECT}.iam.gserviceaccount.com does not exist.`,
  ],
  [
    'a custom role that does not exist',
    { role: `projects/${PROJECT}/roles/none`, members: ['user:ada@example.com'] },
    `Role (projects/${PROJECT}/roles/none) does not exist in the resource's hierarchy.`,
  ],
  [
    'a role by a wrong name',
    { role: 'owner', members: [] },
    'Role name must be in the format roles/{role}, not "owner".',
  ],
  [
    'a condition in a policy of version 1',
    { ...VIEWER, condition: { title: 'x', expression: 'true' } },
    "The binding of roles/logging.viewer has a condition, so the policy's version must be 3.",
  ],
];
for (const [what, binding, message] of REFUSED)
  test(`refuses ${what}`, async (t) => {
    const { rest } = await startManagement(t);
    const answer = await rest('POST', `v3/projects/${PROJECT}:setIamPolicy`, {
      policy: { bindings: [binding] },
    });
    assert.deepEqual([answer.status, messageOf(answer)], [400, message]);
  });

test('gcloud projects: describe, and a binding added and removed', { skip: withoutGcloud }, async (t) => {
  const { url } = await startManagement(t);
  const gcloud = gcloudFor(t, { CLOUDRESOURCEMANAGER: `${url}/` });
  const { stdout } = await gcloud('projects', 'describe', PROJECT, '--format=value(projectNumber)');
  assert.equal(stdout, `${NUMBER}\n`);
  const binding = [`--member=${VIEWER.members[0]}`, `--role=${VIEWER.role}`, '--condition=None'];
  await gcloud('projects', 'add-iam-policy-binding', PROJECT, ...binding);
  const policy = await gcloud('projects', 'get-iam-policy', PROJECT, '--format=json');
  assert.ok(policy.stdout.includes(VIEWER.role));
  await gcloud('projects', 'remove-iam-policy-binding', PROJECT, ...binding);
});

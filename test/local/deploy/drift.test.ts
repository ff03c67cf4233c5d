import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PubSub } from '@google-cloud/pubsub';
import { v2 as run } from '@google-cloud/run';
import { type LifecycleRule, Storage } from '@google-cloud/storage';
import { type Deployment, startDeployment } from '../../deploy/support/deployment.ts';

const KEYS = { key: 'ssh-keys', value: 'ada:ssh-ed25519 AAAA' };

describe('a project that has the VM already', { timeout: 300_000 }, () => {
  let project: Deployment;
  before(async () => {
    project = await startDeployment({ adopted: true });
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
  });
  const vm = () => project.cloud.compute.store.list()[0];

  test('the VM is adopted: only what makes it ours is changed', async () => {
    const before = structuredClone(vm());
    assert.ok((await project.planned()).includes('update instance vicinity-batch'));
    const { code, stderr } = await project.deploy(['apply', '--yes']);
    assert.equal(code, 0, stderr);
    const now = vm();
    assert.deepEqual([now?.id, now?.machineType, now?.diskSizeGb], [before?.id, before?.machineType, '500']);
    assert.deepEqual(now?.labels, { team: 'maps', 'managed-by': 'vicinity' });
    assert.deepEqual(now?.metadata[0], KEYS);
    assert.match(now?.metadata[1]?.value ?? '', /^#!/);
    assert.deepEqual(now?.scheduling, {
      ...before?.scheduling,
      automaticRestart: false,
      instanceTerminationAction: 'STOP',
      maxRunDuration: { seconds: '72000' },
    });
    assert.deepEqual(now?.serviceAccounts, [
      {
        email: 'vicinity-vm@vicinity-local.iam.gserviceaccount.com',
        scopes: ['https://www.googleapis.com/auth/cloud-platform'],
      },
    ]);
    assert.deepEqual(await project.planned(), []);
  });

  test('what the control plane sets for a run is no difference', async () => {
    const instance = vm();
    assert.ok(instance);
    instance.machineType = 'c4d-highcpu-96';
    instance.scheduling.maxRunDuration = { seconds: '3600' };
    instance.metadata.push({ key: 'RUN_ID', value: '20261124-030000-1a2b' });
    assert.deepEqual(await project.planned(), []);
  });

  test('drift is shown to the letter, and repaired', async () => {
    const pubsub = new PubSub({ projectId: 'vicinity-local' });
    const subscription = pubsub.subscription('finish-run');
    await subscription.setMetadata({ ackDeadlineSeconds: 10 });
    await subscription.modifyPushConfig({ pushEndpoint: 'https://elsewhere.example/' });
    await pubsub
      .subscription('vicinity-dead-letter')
      .setMetadata({ retryPolicy: { minimumBackoff: { seconds: 20 }, maximumBackoff: { seconds: 60 } } });
    await pubsub.topic('vicinity-run-finished').iam.setPolicy({ bindings: [] });
    await new Storage({ projectId: 'vicinity-local' })
      .bucket('vicinity-local')
      .setMetadata({ iamConfiguration: { publicAccessPrevention: 'inherited' } });
    const { code, stdout } = await project.deploy(['plan']);
    assert.equal(code, 10);
    assert.equal(
      stdout.split('\n').slice(2, -2).join('\n'),
      `~ bucket vicinity-local               sources, records and results
    publicAccessPrevention: inherited → enforced
~ subscription finish-run             delivers vicinity-run-finished to finish-run
    ackDeadlineSeconds: 10 → 600
    push.function: absent → finish-run
    push.account: nobody → vicinity-push@vicinity-local.iam.gserviceaccount.com
~ subscription vicinity-dead-letter   keeps dead letters
    retry: {"minimum":20,"maximum":60} → null
+ grants topic vicinity-run-finished  the VM reports completions
    roles/pubsub.publisher: vicinity-vm
`,
    );
    const { stderr } = await project.deploy(['apply', '--yes']);
    assert.deepEqual(stderr.trim().split('\n').sort(), [
      '✓ bucket vicinity-local changed',
      '✓ grants topic vicinity-run-finished created',
      '✓ subscription finish-run changed',
      '✓ subscription vicinity-dead-letter changed',
    ]);
    assert.deepEqual(await project.planned(), []);
    await pubsub.close();
  });

  test('lifecycle rules of the bucket\u2019s owner stay when apply adds its own and when destroy removes it', async () => {
    const bucket = new Storage({ projectId: 'vicinity-local' }).bucket('vicinity-local');
    const rules = async () => (await bucket.getMetadata())[0].lifecycle?.rule;
    const [own] = (await rules()) ?? [];
    assert.ok(own);
    const owners: LifecycleRule[] = [
      { action: { type: 'Delete' }, condition: { age: 30, matchesPrefix: ['tmp/', 'results/old/'] } },
      { action: { type: 'Delete' }, condition: { age: 400 } },
    ];
    await bucket.setMetadata({ lifecycle: { rule: owners } });
    const { stdout } = await project.deploy(['plan']);
    assert.equal(
      stdout.split('\n').slice(2, -2).join('\n'),
      `~ bucket vicinity-local  sources, records and results
    lifecycle: [] → [{"prefixes":["src/","inputs/","state/"],"daysSinceCustomTim…
    keeps the lifecycle rule Delete (age 30, matchesPrefix tmp/,results/old/)
    keeps the lifecycle rule Delete (age 400)
`,
    );
    const { stdout: script } = await project.deploy(['plan', '--gcloud']);
    for (const { condition } of owners) assert.ok(script.includes(`"age": ${condition.age}`));
    await project.deploy(['apply', '--yes']);
    assert.deepEqual(await rules(), [...owners, own]);
    assert.deepEqual(await project.planned(), []);
    await project.deploy(['destroy', '--yes']);
    assert.deepEqual(await rules(), owners);
    await project.deploy(['apply', '--yes']);
    assert.deepEqual(await rules(), [...owners, own]);
  });

  test('verify finds what is public, and strangers', async () => {
    const port = Number(new URL(project.cloud.endpoints.management).port);
    const client = new run.ServicesClient({
      apiEndpoint: '127.0.0.1',
      port,
      protocol: 'http',
      fallback: true,
    });
    const resource = 'projects/vicinity-local/locations/us-east4/services/start-run';
    const [before] = await client.getIamPolicy({ resource });
    const others = { role: 'roles/run.invoker', members: ['allUsers', 'user:eve@example.com'] };
    await client.setIamPolicy({
      resource,
      policy: { ...before, bindings: [...(before.bindings ?? []), others] },
    });
    const { code, stdout } = await project.deploy(['verify', '--no-canary']);
    assert.equal(code, 10);
    assert.match(stdout, /^✗ function start-run +is public: roles\/run\.invoker is given to allUsers$/m);
    assert.match(stdout, /^✗ function start-run +user:eve@example\.com may invoke it$/m);
    await project.deploy(['destroy', '--yes']);
    await project.deploy(['apply', '--yes']);
    assert.equal((await project.deploy(['verify', '--no-canary'])).code, 0);
  });

  test('a VM that is on is left alone, with the reason; everything else is done', async () => {
    const instance = vm();
    assert.ok(instance);
    instance.status = 'RUNNING';
    instance.labels = {};
    const { code, stderr } = await project.deploy(['apply', '--yes']);
    assert.equal(code, 3);
    assert.equal(
      stderr,
      'error: instance vicinity-batch: is RUNNING; it can be changed only while it is stopped. ' +
        'Wait for its run to end (vicinity status) or stop it, then rerun the command.\n' +
        'Skipped, because a dependency failed: grants instance vicinity-batch.\n' +
        'Completed changes stay. Fix this, then rerun vicinity deploy apply to continue.\n',
    );
    instance.status = 'TERMINATED';
    assert.equal((await project.deploy(['apply', '--yes'])).code, 0);
  });

  test('nothing is removed while the VM is on: its run would lose its results', async () => {
    const instance = vm();
    assert.ok(instance);
    instance.status = 'RUNNING';
    const { code, stdout, stderr } = await project.deploy(['destroy', '--yes']);
    instance.status = 'TERMINATED';
    assert.deepEqual(
      [code, stdout, stderr],
      [
        2,
        '',
        'error: instance vicinity-batch: is RUNNING; it can be changed only while it is stopped. ' +
          'Wait for its run to end (vicinity status) or stop it, then rerun the command.\n',
      ],
    );
    assert.deepEqual(await project.planned(), []);
  });

  test('the answer to every change gets lost once, and apply still ends right', async () => {
    await project.deploy(['destroy', '--yes', '--results']);
    const verbs = ['create', 'insert', 'enable', 'set', 'patch', 'update', 'add', 'modify', 'undelete'];
    for (const verb of verbs)
      project.cloud.faults.add({ operation: `*.${verb}*`, kind: 'error-after', status: 503, times: 3 });
    project.cloud.faults.add({ operation: 'storage.objects.insert', kind: 'drop-before', times: 2 });
    const { code, stderr } = await project.deploy(['apply', '--yes']);
    assert.equal(code, 0, stderr);
    const struck = project.cloud.faults.list().reduce((sum, fault) => sum + fault.struck, 0);
    assert.ok(struck > 10, `${struck} faults`);
    project.cloud.faults.clear();
    assert.deepEqual(await project.planned(), []);
  });
});

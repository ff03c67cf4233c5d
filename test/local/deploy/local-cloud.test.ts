import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { vicinity } from '../../cli/support/call.ts';
import { type Deployment, startDeployment } from '../../deploy/support/deployment.ts';
import { smallTable } from '../../deploy/support/table.ts';

const SIZE = smallTable().length;
const TIMEOUT = { timeout: 300_000 };

describe('a project from nothing to nothing', TIMEOUT, () => {
  let project: Deployment;
  before(async () => {
    project = await startDeployment();
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
  });

  test('the plan of an empty project makes everything', async () => {
    const { code, stdout } = await project.deploy(['plan']);
    assert.equal(code, 10);
    assert.match(stdout, /^\+ function start-run +handles vicinity-run$/m);
    assert.match(stdout, / to create, 0 to change, /);
  });

  test('destroy finds nothing to remove, and speaks of nothing that stays', async () => {
    assert.deepEqual(await project.deploy(['destroy', '--yes']), {
      code: 0,
      stdout: '0 resources removed.\n',
      stderr: '',
    });
  });

  test('apply asks on a terminal; without one it needs --yes, and nothing changes', async () => {
    const before = await project.planned();
    assert.deepEqual(await project.deploy(['apply']), {
      code: 2,
      stdout: '',
      stderr:
        'error: deploy apply: asks before it changes the project, and there is no terminal to ask on. ' +
        'Read the output of vicinity deploy plan, then run vicinity deploy apply --yes.\n',
    });
    const declined = await vicinity(['deploy', 'apply'], { ...project.host, typed: ['n'] });
    assert.equal(declined.code, 10);
    assert.match(declined.stderr, /^\+ function start-run +handles vicinity-run$/m);
    assert.match(declined.stderr, /Nothing was changed\.\n$/);
    assert.deepEqual(await project.planned(), before);
  });

  test('apply makes it; a second one does nothing, and neither does the plan', async () => {
    const first = await vicinity(['deploy', 'apply'], { ...project.host, typed: ['y'] });
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /✓ function start-run created$/m);
    assert.deepEqual(await project.planned(), []);
    const second = await project.deploy(['apply', '--yes']);
    assert.deepEqual(second, {
      code: 0,
      stdout: `All ${SIZE} resources were as they should be.\n`,
      stderr: '',
    });
    const plan = await project.deploy(['plan']);
    assert.equal(plan.code, 0);
    assert.match(plan.stdout, new RegExp(`All ${SIZE} resources are as they should be\\. Nothing to do\\.`));
  });

  test('a new VM is off again, with the table\u2019s disk', async () => {
    const [vm] = project.cloud.compute.store.list();
    assert.deepEqual([vm?.status, vm?.machineType, vm?.diskSizeGb], ['TERMINATED', 'c4d-highcpu-32', '200']);
  });

  test('a canary goes through every function', async () => {
    const { code, stdout, stderr } = await project.deploy(['verify', '--wait-seconds', '60']);
    assert.equal(code, 0, stdout + stderr);
    assert.equal(
      stdout,
      `✓ table                               ${SIZE} resources are as they should be
✓ vicinity-run → start-run            answered a canary; sees the VM TERMINATED; no Slack webhook yet
✓ vicinity-run-finished → finish-run  answered a canary; sees the VM TERMINATED; no Slack webhook yet
✓ vicinity-sweep → sweep-runs         answered a canary; sees the VM TERMINATED; no Slack webhook yet
`,
    );
  });

  test('the webhook goes from standard input to Secret Manager, and appears nowhere else', async () => {
    const url = 'https://hooks.slack.com/services/T000/B000/sesame';
    const called = await project.deploy(['secret'], `${url}\n`);
    assert.deepEqual(called, {
      code: 0,
      stdout:
        'The secret is in projects/vicinity-local/secrets/vicinity-slack-webhook. Running functions see it within minutes.\n',
      stderr: '',
    });
    const plan = await project.deploy(['plan', '--gcloud']);
    assert.ok(!`${plan.stdout}${plan.stderr}`.includes('sesame'));
    assert.deepEqual(await project.planned(), []);
  });

  test('what is no URL is refused, and not repeated', async () => {
    const { code, stderr } = await project.deploy(['secret'], 'sesame');
    assert.equal(code, 2);
    assert.equal(
      stderr,
      "error: standard input: is no webhook URL such as https://hooks.slack.com/services/…, and no bot's token (xoxb-…). Copy it from the Slack app: Incoming Webhooks, or OAuth & Permissions.\n",
    );
    const empty = await project.deploy(['secret'], '');
    assert.deepEqual(
      [empty.code, empty.stderr],
      [2, 'error: standard input: is empty. Pass the secret there: < FILE.\n'],
    );
  });

  test('destroy asks; without the name nothing goes', async () => {
    const { code, stderr } = await project.deploy(['destroy'], 'no\n');
    assert.equal(code, 2);
    assert.match(stderr, /error: confirmation: is not vicinity-local\. Nothing was removed\./);
    assert.deepEqual(await project.planned(), []);
  });

  test('destroy keeps the results and the VM; apply brings everything back', async () => {
    const { code, stdout, stderr } = await project.deploy(['destroy'], 'vicinity-local\n');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\d+ resources removed\.\n$/);
    assert.match(stderr, /^- instance vicinity-batch released$/m);
    assert.ok(project.cloud.storage.store.buckets.get('vicinity-local'));
    assert.equal(project.cloud.compute.store.list().length, 1);
    const planned = await project.planned();
    assert.ok(planned.includes('create function start-run'));
    assert.ok(planned.includes('update instance vicinity-batch'));
    assert.ok(
      !planned.some(
        (change) => change.endsWith('bucket vicinity-local') && change.startsWith('create bucket'),
      ),
    );
    const again = await project.deploy(['apply', '--yes']);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(await project.planned(), []);
  });
});

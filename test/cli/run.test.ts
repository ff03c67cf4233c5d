import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { recordDeployedConfig } from '../../shared/config/deployed.ts';
import { loadConfig } from '../../shared/config/load.ts';
import { cancelName, specName, statusName } from '../../shared/model/layout.ts';
import { startBucket } from './support/bucket.ts';
import { vicinity } from './support/call.ts';
import { SILENT_PROJECT, startControlPlane } from './support/control-plane.ts';
import { TestRepository } from './support/repository.ts';
import { ScriptedClock } from './support/scripted-clock.ts';
import { finishedStatus, RUN_ID, statusOf } from './support/statuses.ts';

const RUN_ID_LINE = /^\d{8}-\d{6}-[0-9a-f]{4}\n$/;

const bucket = await startBucket();
const { env } = await startControlPlane(bucket);

async function readJson(name: string): Promise<Record<string, unknown>> {
  return JSON.parse((await bucket.objects.read(name))?.text ?? 'null');
}

before(async () => {
  using repository = new TestRepository({ Makefile: 'all:\n', 'vicinity.yaml': '' });
  const { code, stderr } = await vicinity(['push'], { cwd: repository.directory });
  assert.equal(code, 0, stderr);
});

test('prints the run id, and asks for what the options say', async () => {
  const args = ['run', '--target', 'all', '--param', 'STATES=maine', '--machine-type', 'c4d-highcpu-96'];
  const { code, stdout, stderr } = await vicinity([...args, '--max-duration', '2h'], { env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, RUN_ID_LINE);
  const runId = stdout.trim();
  const { target, params, machineType, maxSeconds, requestedBy } = await readJson(specName(runId));
  assert.deepEqual(
    { target, params, machineType, maxSeconds, requestedBy },
    {
      target: 'all',
      params: { STATES: 'maine' },
      machineType: 'c4d-highcpu-96',
      maxSeconds: 7200,
      requestedBy: 'ada',
    },
  );
  assert.match(
    stderr,
    new RegExp(
      `^Run ${runId}: (starting|running), attempt 1\\.\\nFollow it with: vicinity watch ${runId}\\n$`,
    ),
  );
});

test('the same request id is the same run; --json prints its status.json', async () => {
  const first = await vicinity(['run', '--request-id', 'weekly-47'], { env });
  const second = await vicinity(['run', '--request-id', 'weekly-47', '--json'], { env });
  const status = JSON.parse(second.stdout);
  assert.equal(status.runId, first.stdout.trim());
  assert.equal(second.stdout.trim(), (await bucket.objects.read(statusName(status.runId)))?.text.trim());
});

test('a Pub/Sub that cannot be reached is told within seconds, once', async () => {
  const unreachable = { ...env, PUBSUB_EMULATOR_HOST: '127.0.0.1:1' };
  const began = performance.now();
  const { code, stderr } = await vicinity(['run'], { env: unreachable });
  assert.equal(code, 5);
  assert.match(
    stderr,
    /^error: publish to projects\/vicinity-local\/topics\/vicinity-run: request to http:\S+ failed, reason: connect ECONNREFUSED 127\.0\.0\.1:1\.\nThe cloud does not answer as it should\. It may pass: try again\.\n$/,
  );
  assert.ok(performance.now() - began < 20_000);
});

test('a refusal prints its faults and ends with 2', async () => {
  const { code, stdout, stderr } = await vicinity(['run', '--target', 'al'], { env });
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  assert.equal(
    stderr,
    'error: target: "al" is not one of the configured targets. Did you mean all? Add a target to vicinity.yaml to allow it.\n',
  );
});

test('what cannot be right is not even published', async () => {
  const { code, stdout, stderr } = await vicinity(['run', '--target', 'a;b', '--on-busy', 'skip'], {});
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  assert.equal(
    stderr,
    'error: target: must be one make target: letters, digits and . _ / - only. Correct it and publish the request again.\n',
  );
});

test('options are checked by form', async () => {
  const param = await vicinity(['run', '--param', 'maine']);
  assert.equal(param.code, 2);
  assert.equal(
    param.stderr,
    "error: option '--param <NAME=VALUE>' argument 'maine' is invalid. Use NAME=VALUE, such as STATES=maine.\n" +
      'See vicinity run --help.\n',
  );
  const busy = await vicinity(['run', '--on-busy', 'wait']);
  assert.equal(busy.code, 2);
  assert.match(busy.stderr, /Allowed choices are queue, skip\./);
});

test('waits no longer than it was told, and ends with 5', async () => {
  const clock = new ScriptedClock();
  const start = clock.now().getTime();
  const { code, stdout, stderr } = await vicinity(
    ['run', '--wait-seconds', '7', '--project', SILENT_PROJECT],
    {
      env,
      clock,
    },
  );
  assert.deepEqual(
    { code, stdout, waited: clock.now().getTime() - start },
    { code: 5, stdout: '', waited: 7000 },
  );
  assert.match(
    stderr,
    /^error: Message \d+ is published to vicinity-run, but start-run has not answered within 7 s\. The run may still start\. /,
  );
});

test('an unknown topic is not found', async () => {
  const { code, stderr } = await vicinity(['run', '--project', 'other-project'], { env });
  assert.equal(code, 4);
  assert.match(
    stderr,
    /^error: publish to projects\/other-project\/topics\/vicinity-run: not found \(404\)\. /,
  );
});

test('cancel ends a run and shows what became of it', async () => {
  const { stdout } = await vicinity(['run', '--request-id', 'to-be-cancelled'], { env });
  const runId = stdout.trim();
  const cancelled = await vicinity(['cancel', runId], { env });
  assert.deepEqual({ code: cancelled.code, stderr: cancelled.stderr }, { code: 0, stderr: '' });
  assert.match(cancelled.stdout, new RegExp(`^${runId} cancelled`));
  assert.equal((await readJson(cancelName(runId))).requestedBy, 'ada');
});

test('cancel says where the VM takes longer than it waits', async () => {
  const runId = '20261124-040000-0001';
  await bucket.objects.put(
    statusName(runId),
    JSON.stringify(statusOf({ runId, status: 'running', attempt: 1 })),
  );
  await bucket.objects.put(cancelName(runId), '{"requestedAt":"2026-11-24T04:00:00Z"}');
  const { code, stdout, stderr } = await vicinity(['cancel', runId, '--project', SILENT_PROJECT], {
    env,
    clock: new ScriptedClock(),
  });
  assert.deepEqual(
    { code, stdout, stderr },
    {
      code: 0,
      stdout: `${runId} running, attempt 1\n`,
      stderr: `The cancellation of run ${runId} is recorded; its VM is still stopping.\n`,
    },
  );
});

test('cancel waits no longer than it was told for the record', async () => {
  const runId = '20261124-040000-0002';
  await bucket.objects.put(statusName(runId), JSON.stringify(statusOf({ runId })));
  const { code, stderr } = await vicinity(
    ['cancel', runId, '--project', SILENT_PROJECT, '--wait-seconds', '3'],
    {
      env,
      clock: new ScriptedClock(),
    },
  );
  assert.equal(code, 5);
  assert.equal(
    stderr,
    `error: The cancellation of run ${runId} is published but was not recorded within 3 s. It may still take effect: see vicinity status 20261124-040000-0002.\n`,
  );
});

test('cancel of a finished run changes nothing', async () => {
  await bucket.objects.put(statusName(RUN_ID), JSON.stringify(finishedStatus()));
  const { code, stdout, stderr } = await vicinity(['cancel', RUN_ID], { env });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: `Run ${RUN_ID} has already finished.\n` });
  assert.equal(stdout, `${RUN_ID} succeeded\n`);
  assert.equal(await bucket.objects.stat(cancelName(RUN_ID)), undefined);
});

test('cancel of an unknown run is not found', async () => {
  const { code } = await vicinity(['cancel', '20200101-000000-0000'], { env });
  assert.equal(code, 4);
});

test('warns before the request if vicinity.yaml differs from the deployed configuration', async () => {
  await recordDeployedConfig(bucket.objects, loadConfig({ text: 'telemetryInterval: 9\n', env: {} }));
  using repository = new TestRepository({ Makefile: 'all:\n', 'vicinity.yaml': '' });
  const { code, stderr } = await vicinity(['run', '--target', 'all'], { cwd: repository.directory, env });
  assert.equal(code, 0, stderr);
  assert.ok(
    stderr.startsWith(
      'warning: vicinity.yaml differs from the deployed configuration, which runs use: telemetryInterval (deployed: 9, here: 5). To apply it: ',
    ),
    stderr,
  );
});

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { buildLogName, serialLogName, statusName } from '../../shared/model/layout.ts';
import { startBucket } from './support/bucket.ts';
import { vicinity } from './support/call.ts';
import { ScriptedClock } from './support/scripted-clock.ts';
import { finishedStatus, RUN_ID, statusOf } from './support/statuses.ts';

const { objects } = await startBucket();

before(async () => {
  await objects.put(statusName(RUN_ID), JSON.stringify(finishedStatus()));
  await objects.put(buildLogName(RUN_ID), 'built\n');
  await objects.put(serialLogName(RUN_ID), 'booted\n');
});

test('prints the job log of the newest run, or another log', async () => {
  assert.deepEqual(await vicinity(['logs']), { code: 0, stdout: 'built\n', stderr: '' });
  assert.deepEqual(await vicinity(['logs', RUN_ID, '--serial']), { code: 0, stdout: 'booted\n', stderr: '' });
});

test('--failed prints the log of the phase in which the newest failed run failed', async () => {
  const failed = '20260101-000000-aaaa';
  assert.deepEqual(await vicinity(['logs', '--failed']), {
    code: 4,
    stdout: '',
    stderr: 'error: gs://vicinity-local contains no failed run. List the runs with vicinity history.\n',
  });
  const status = { ...finishedStatus({ status: 'failed', verdict: 'failed', phase: 'apt' }), runId: failed };
  await objects.put(statusName(failed), JSON.stringify(status));
  await objects.put(`results/${failed}/startup_detail.log`, 'E: no such package\n');
  assert.deepEqual(await vicinity(['logs', '--failed']), {
    code: 0,
    stdout: 'E: no such package\n',
    stderr: '',
  });
  assert.deepEqual(await vicinity(['logs', '--failed', RUN_ID]), {
    code: 2,
    stdout: '',
    stderr: `error: --failed ${RUN_ID}: selects a run in two ways. Pass either --failed or a run id.\n`,
  });
});

test('says when a log appears that is not there', async () => {
  const { code, stderr } = await vicinity(['logs', '--detail']);
  assert.equal(code, 4);
  assert.equal(
    stderr,
    `error: gs://vicinity-local/results/${RUN_ID}/startup_detail.log does not exist. Run ${RUN_ID} ended as succeeded, and left no such log.\n`,
  );
});

test('follows a log to the end of the run', async () => {
  await objects.put(statusName(RUN_ID), JSON.stringify(statusOf({ status: 'running', attempt: 1 })));
  const clock = new ScriptedClock([
    () => objects.put(serialLogName(RUN_ID), 'booted\nworking\n'),
    () => objects.put(statusName(RUN_ID), JSON.stringify(finishedStatus())),
  ]);
  const { code, stdout } = await vicinity(['logs', '-f', '--serial'], { clock });
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'booted\nworking\n' });
});

test('what follows a run ends as the run did, also where that was over', async () => {
  await objects.put(
    statusName(RUN_ID),
    JSON.stringify(finishedStatus({ status: 'failed', verdict: 'failed' })),
  );
  await objects.put(serialLogName(RUN_ID), 'booted\n');
  const { code, stdout } = await vicinity(['logs', '-f', '--serial']);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: 'booted\n' });
  assert.equal((await vicinity(['logs', '--serial'])).code, 0);
});

test('--json: one document of the lines; of what is followed, the finished status', async () => {
  const log = 'booted \u00fc\n\rprogress 1%\rprogress 2%\nlast';
  const lines = ['booted \u00fc', '', 'progress 1%', 'progress 2%', 'last'];
  await objects.put(statusName(RUN_ID), JSON.stringify(finishedStatus()));
  await objects.put(serialLogName(RUN_ID), log);
  const printed = await vicinity(['logs', '--serial', '--json']);
  assert.deepEqual(JSON.parse(printed.stdout), { runId: RUN_ID, log: 'serial.log', lines });
  await objects.put(serialLogName(RUN_ID), '');
  assert.deepEqual(JSON.parse((await vicinity(['logs', '--serial', '--json'])).stdout).lines, []);
  const followed = await vicinity(['logs', '--follow', '--json']);
  assert.deepEqual(JSON.parse(followed.stdout), finishedStatus());
});

test('one log at a time', async () => {
  const { code, stderr } = await vicinity(['logs', '--serial', '--detail']);
  assert.equal(code, 2);
  assert.match(stderr, /^error: option '--serial' cannot be used with option '--detail'\n/);
});

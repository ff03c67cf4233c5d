import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heartbeatName, statusName } from '../../shared/model/layout.ts';
import { startBucket } from './support/bucket.ts';
import { vicinity } from './support/call.ts';
import { ScriptedClock } from './support/scripted-clock.ts';
import { finishedStatus, RUN_ID, statusOf } from './support/statuses.ts';

const { objects } = await startBucket();
const clock = new ScriptedClock([], '2026-11-24T04:00:00Z');

test('says where to begin while there is no run', async () => {
  const { code, stdout, stderr } = await vicinity(['status']);
  assert.deepEqual(
    { code, stdout, stderr },
    { code: 4, stdout: '', stderr: 'error: gs://vicinity-local has no run yet. vicinity run starts one.\n' },
  );
});

test('shows a running run, with the phase of its last sign of life', async () => {
  const status = statusOf({
    status: 'running',
    attempt: 1,
    phase: 'boot',
    startedAt: '2026-11-24T03:07:00Z',
  });
  await objects.put(statusName(RUN_ID), JSON.stringify(status));
  const heartbeat = {
    at: '2026-11-24T03:59:30Z',
    bootId: 'b',
    phase: 'make',
    phaseStartedAt: '2026-11-24T03:10:00Z',
  };
  await objects.put(heartbeatName(RUN_ID, 1), JSON.stringify(heartbeat));
  const { code, stdout, stderr } = await vicinity(['status', RUN_ID], { clock });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(
    stdout,
    `Run         ${RUN_ID}
Target      all
Status      running, attempt 1, phase make for 50 min
Parameters  WORKERS=32
Source      package abababababab of commit 0123456789ab, with uncommitted changes
Requested   2026-11-24T03:06:43Z by ada
Started     2026-11-24T03:07:00Z
VM          vicinity-batch in us-east4-c
Results     gs://vicinity-local/results/${RUN_ID}
`,
  );
});

test('--json prints status.json exactly', async () => {
  const text = `{"runId":"${RUN_ID}",\n "futureField": 1, ${JSON.stringify(statusOf()).slice(1)}\n`;
  await objects.put(statusName(RUN_ID), text);
  const { stdout } = await vicinity(['--json', 'status']);
  assert.equal(stdout, text);
});

test('without a run id: the newest run that has a status', async () => {
  const newest = '20261125-000000-ffff';
  await objects.put(
    statusName(newest),
    JSON.stringify(finishedStatus({ runId: newest, verdict: 'suspect', reason: 'Empty: a.csv.' })),
  );
  await objects.put(`runs/20261126-000000-0000/spec.json`, '{}');
  const { code, stdout, stderr } = await vicinity(['status', '--json'], { clock });
  assert.equal(JSON.parse(stdout).runId, newest);
  assert.deepEqual(
    { code, stderr },
    { code: 0, stderr: `warning: Run ${newest} ended with exit code 0, but is suspect: Empty: a.csv.\n` },
  );
});

test('what is no run id is wrong usage, and an unknown one is not found', async () => {
  const wrong = await vicinity(['status', 'latest']);
  assert.deepEqual(wrong, {
    code: 2,
    stdout: '',
    stderr: 'error: latest: is not a run id. A run id looks like 20261124-030643-1a2b.\n',
  });
  const unknown = await vicinity(['status', '20200101-000000-0000']);
  assert.deepEqual(unknown, {
    code: 4,
    stdout: '',
    stderr:
      'error: Run 20200101-000000-0000 is not in gs://vicinity-local. vicinity status shows the newest run; --bucket names another bucket.\n',
  });
});

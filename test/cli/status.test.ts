import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heartbeatName, specName, statusName } from '../../shared/model/layout.ts';
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
    {
      code: 4,
      stdout: '',
      stderr: 'error: gs://vicinity-local contains no runs yet. Start one with vicinity run.\n',
    },
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
Requested   2026-11-24 03:06:43 UTC by ada
Started     2026-11-24 03:07:00 UTC
VM          vicinity-batch in us-east4-c
Results     gs://vicinity-local/results/${RUN_ID}
Next        vicinity watch ${RUN_ID}
            vicinity cancel ${RUN_ID}
`,
  );
});

test('shows how far a run is, and what time is left', async () => {
  const status = statusOf({ status: 'running', attempt: 1, startedAt: '2026-11-24T03:07:00Z' });
  await objects.put(statusName(RUN_ID), JSON.stringify(status));
  const progress = {
    fraction: 0.506,
    done: 42,
    total: 83,
    at: '2026-11-24T03:59:00Z',
    since: '2026-11-24T03:10:00Z',
    sinceFraction: 0.012,
  };
  const heartbeat = { at: '2026-11-24T03:59:30Z', bootId: 'b', phase: 'make', progress };
  await objects.put(heartbeatName(RUN_ID, 1), JSON.stringify(heartbeat));
  const plain = await vicinity(['status', RUN_ID], { clock });
  assert.match(plain.stdout, /^Progress {4}50 %, 42 of 83, about 48 min left$/m);
  const onTerminal = await vicinity(['status', RUN_ID], { clock, isTerminal: true, env: { NO_COLOR: '1' } });
  assert.match(onTerminal.stdout, /^Progress {4}█{10}░{10} 50 %, 42 of 83, about 48 min left$/m);
});

test('without progress, the time left is that of the last good run', async () => {
  const baseline = { runId: '20261123-000000-aaaa', phases: [{ name: 'make', seconds: 7200 }] };
  const spec = await objects.read(specName(RUN_ID));
  assert.equal(spec, undefined);
  await objects.put(specName(RUN_ID), JSON.stringify({ baseline }));
  const heartbeat = {
    at: '2026-11-24T03:59:30Z',
    bootId: 'b',
    phase: 'make',
    phaseStartedAt: '2026-11-24T03:10:00Z',
  };
  await objects.put(heartbeatName(RUN_ID, 1), JSON.stringify(heartbeat));
  const { stdout } = await vicinity(['status', RUN_ID], { clock });
  assert.match(stdout, /^Progress {4}about 1 h 10 min left \(by the last good run\)$/m);
  const late = new ScriptedClock([], '2026-11-24T05:30:00Z');
  assert.match(
    (await vicinity(['status', RUN_ID], { clock: late })).stdout,
    /^Progress {4}20 min longer than expected \(by the last good run\)$/m,
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
    { code: 0, stderr: `warning: Run ${newest} exited with code 0 but is suspect: Empty: a.csv.\n` },
  );
});

test('a status that is no JSON is told by its name', async () => {
  const runId = '20200101-000000-abcd';
  await objects.put(statusName(runId), '{"runId":');
  const { code, stdout, stderr } = await vicinity(['status', runId]);
  assert.deepEqual({ code, stdout }, { code: 70, stdout: '' });
  assert.match(
    stderr,
    /^error: gs:\/\/vicinity-local\/runs\/20200101-000000-abcd\/status\.json does not match its schema: /,
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
      'error: Run 20200101-000000-0000 does not exist in gs://vicinity-local. List the runs with vicinity history, or pass --bucket.\n',
  });
});

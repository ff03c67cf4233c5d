import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourOf, statusView } from '../../../cli/output/status-view.ts';
import type { Status } from '../../../shared/model/status.ts';
import { costOfRun } from '../../../shared/pricing/run-cost.ts';
import { finishedStatus, RUN_ID, statusOf } from '../support/statuses.ts';

const now = new Date('2026-11-24T14:00:00Z');
const paint = (_colour: string, text: string) => text;
const viewOf = (status: Status) =>
  statusView({ status, now, width: Number.POSITIVE_INFINITY, paint, isTerminal: false });

test('a queued run shows its place', () => {
  assert.match(viewOf(statusOf({ queuePosition: 2 })), /^Status {6}queued, position 2$/m);
});

test('a finished run shows all that is known of it', () => {
  const status = finishedStatus({
    status: 'failed',
    verdict: 'failed',
    exitCode: 2,
    phase: 'make',
    reason: 'make ended with exit code 2.',
    phases: [
      { name: 'boot', seconds: 42 },
      { name: 'make', seconds: 36_000 },
    ],
    warnings: 2,
    errors: 1,
    outputs: [
      { path: 'data/minutes', objects: 51, bytes: 1_400_000 },
      { path: 'tiles', objects: 0, bytes: 0 },
    ],
    vm: {
      instance: 'vicinity-batch',
      zone: 'us-east4-c',
      machineType: 'c4d-highcpu-96',
      onSeconds: 36_900,
      stoppedBy: 'startup-script',
      terminatedSeenAt: '2026-11-24T13:20:00Z',
    },
  });
  assert.equal(
    viewOf(status),
    `Run         ${RUN_ID}
Target      all
Status      failed: exit code 2 in phase make
Reason      make ended with exit code 2.
Parameters  WORKERS=32
Source      package abababababab of commit 0123456789ab, with uncommitted changes
Requested   2026-11-24 03:06:43 UTC by ada
Started     2026-11-24 03:07:00 UTC
Finished    2026-11-24 13:19:00 UTC, after 10 h 12 min
Phases      boot 42 s, make 10 h
Log         1 [error] line, 2 [warn] lines
Outputs     data/minutes: 51 files, 1.4 MB
            tiles: 0 files, 0 bytes
VM          vicinity-batch in us-east4-c, c4d-highcpu-96
            on for 10 h 15 min, stopped by its startup script, TERMINATED seen at 2026-11-24 13:20:00 UTC
Results     gs://vicinity-local/results/${RUN_ID}
Next        vicinity logs ${RUN_ID}
            vicinity pull ${RUN_ID}
            vicinity run --target all --source ${'ab'.repeat(32)} --param WORKERS=32`,
  );
});

test('the colour tells good from suspect from bad', () => {
  assert.equal(colourOf(statusOf()), 'cyan');
  assert.equal(colourOf(finishedStatus()), 'green');
  assert.equal(colourOf(finishedStatus({ verdict: 'suspect' })), 'yellow');
  assert.equal(colourOf(finishedStatus({ status: 'lost', verdict: 'failed' })), 'red');
});

test('what was restored and saved of a state that is carried, and Spot time', () => {
  const status = finishedStatus({
    vm: { instance: 'vm', zone: 'z', onSeconds: 7200, spotSeconds: 3600 },
    state: {
      restored: { runId: '20261123-030643-1a2b', files: 1, bytes: 12 },
      saved: { name: 'state/all/x', files: 2, bytes: 1_400_000 },
    },
  });
  const text = viewOf(status);
  assert.match(
    text,
    /^State +restored 1 file, 12 bytes, from run 20261123-030643-1a2b\n +saved 2 files, 1.4 MB$/m,
  );
  assert.match(text, /^VM +vm in z\n +on for 2 h, 1 h of it on Spot$/m);
  const clean = viewOf(finishedStatus({ state: { restored: { note: 'There is no state yet.' } } }));
  assert.match(clean, /^State +There is no state yet.$/m);
});

test('how hard the machine worked in make', () => {
  const make = {
    phase: 'make',
    samples: 2,
    cpu: { average: 91.4, peak: 99.9 },
    iowait: { average: 1.2, peak: 9 },
    runQueue: { average: 33.5, peak: 40 },
    memoryUsedBytes: { average: 48e9, peak: 57e9 },
  };
  const telemetry = { samples: 2, memoryTotalBytes: 64e9, phases: [make] };
  assert.match(
    statusView({
      status: finishedStatus(),
      telemetry,
      now,
      width: Number.POSITIVE_INFINITY,
      paint,
      isTerminal: false,
    }),
    /^Load +CPU 91 % \(peak 100 %\), waiting for disks 1 % \(peak 9 %\), run queue 34 \(peak 40\), memory 48.0 GB \(peak 57.0 GB\) of 64.0 GB$/m,
  );
});

test('what a baked image would save, where that is worth a word', () => {
  const phases = [
    { name: 'source', seconds: 20 },
    { name: 'apt', seconds: 140 },
    { name: 'rust', seconds: 60 },
    { name: 'python', seconds: 100 },
    { name: 'make', seconds: 3600 },
  ];
  assert.match(
    viewOf(finishedStatus({ phases })),
    /^ +A baked image would save 3 min 40 s on a new disk: vicinity image bake$/m,
  );
  const cost = costOfRun({ machineType: 'c4d-highcpu-32', onSeconds: 3920, phases });
  assert.ok(cost);
  assert.match(viewOf(finishedStatus({ phases, cost })), /would save 3 min 40 s and \$0\.08 on a new disk/);
  const warm = phases.map(({ name, seconds }) => ({ name, seconds: name === 'make' ? seconds : 1 }));
  assert.doesNotMatch(viewOf(finishedStatus({ phases: warm })), /baked image/);
});

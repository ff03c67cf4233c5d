import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ATTEMPT, RESULTS, RUN_ID, startMachine } from '../../startup-script/fixture/machine.ts';

const MAKEFILE = `all:
	@echo "target $(TARGET)/$$TARGET states $(STATES) workers $(WORKERS)/$$WORKERS threads $(THREADS)/$$THREADS omp $$OMP_NUM_THREADS"
	@echo "[warn] one"; echo "[error] two"; echo "[WARN] three"
	@mkdir -p out/deep; printf 'a,b\\n' >out/a.csv; printf xyz >out/deep/b; printf junk >out/._a.csv
	@ln -s /etc/hostname out/outside; ln -s a.csv out/inside.csv
	@printf 'one file' >report.txt; echo '3 of 4 parts'
	@sleep 2
`;

test('a run that succeeds leaves results, an outcome and a message, and powers off', async (t) => {
  const machine = await startMachine(t);
  await machine.submit(
    { Makefile: MAKEFILE },
    {
      spec: {
        params: { STATES: 'massachusetts' },
        outputs: ['out', 'report.txt', 'nothing'],
        progress: '(?<done>\\d+) of (?<total>\\d+) parts',
      },
    },
  );
  const { status, console } = await machine.boot();
  const outcome = await machine.outcome();

  assert.equal(status, 0, console);
  assert.deepEqual(await machine.cloud.names(RESULTS), [
    `${RESULTS}/build.log`,
    `${RESULTS}/out/a.csv`,
    `${RESULTS}/out/deep/b`,
    `${RESULTS}/out/inside.csv`,
    `${RESULTS}/report.txt`,
    `${RESULTS}/serial.log`,
    `${RESULTS}/startup_detail.log`,
    `${RESULTS}/telemetry.csv`,
  ]);
  assert.deepEqual(outcome, {
    ...outcome,
    runId: RUN_ID,
    attempt: 1,
    outcome: 'succeeded',
    cause: 'exit',
    exitCode: 0,
    phase: 'done',
    outputs: [
      { path: 'out', objects: 3, bytes: 11 },
      { path: 'report.txt', objects: 1, bytes: 8 },
      { path: 'nothing', objects: 0, bytes: 0 },
    ],
    warnings: 2,
    errors: 1,
  });
  assert.equal('reason' in outcome, false);
  assert.deepEqual(
    outcome.phases.map((phase) => phase.name),
    ['boot', 'claim', 'source', 'make', 'upload'],
  );
  assert.ok((outcome.vcpus ?? 0) >= 1 && (outcome.workers ?? 0) >= 1 && (outcome.memoryBytes ?? 0) > 1e8);
  const manifest = outcome.manifest.map(({ name }) => name).sort();
  assert.deepEqual(manifest, await machine.cloud.names(RESULTS));
  assert.deepEqual(
    outcome.manifest.find(({ name }) => name.endsWith('report.txt')),
    // crc32c of "one file", big-endian, base64
    { name: `${RESULTS}/report.txt`, bytes: 8, crc32c: crc32c('one file') },
  );

  const { runId, attempt, exitCode, phase, startedAt, finishedAt } = outcome;
  assert.deepEqual(await machine.cloud.messages(), [
    { runId, attempt, outcome: 'succeeded', exitCode, phase, startedAt, finishedAt },
  ]);

  const workers = outcome.workers;
  assert.match(
    (await machine.result('build.log')) ?? '',
    new RegExp(`^target all/all states massachusetts workers ${workers}/${workers} threads 1/1 omp 1$`, 'm'),
  );
  // The lines that the pipeline's own tools look for.
  const serial = (await machine.result('serial.log')) ?? '';
  assert.match(serial, /^\[vicinity\] starting make all$/m);
  assert.match(serial, /^\[timer\] make \d+s$/m);
  assert.match(serial, /^\[vicinity\] uploaded build.log to gs:/m);
  assert.match(console, /^\[vicinity\] output nothing is missing or empty$/m);
  assert.ok(console.startsWith(serial.split('\n')[0] ?? '?'));

  assert.deepEqual(machine.powerCalls(), ['-P +60', '-P +40', '-P now']);
  assert.deepEqual(machine.leftovers(), []);
  await assertHeartbeat();

  async function assertHeartbeat() {
    const beat = JSON.parse((await machine.cloud.read(`${ATTEMPT}/heartbeat.json`)) ?? '{}');
    assert.equal(beat.bootId, outcome.bootId);
    assert.equal(beat.runId, RUN_ID);
    assert.match(beat.phaseStartedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const { fraction, done, total } = beat.progress;
    assert.deepEqual({ fraction, done, total }, { fraction: 0.75, done: 3, total: 4 });
    assert.match(beat.at, /^\d{4}-.*Z$/);
    assert.ok(['make', 'upload'].includes(beat.phase) && beat.logBytes > 0, JSON.stringify(beat));
  }
});

/** Castagnoli CRC, as Cloud Storage reports it. Bit by bit: this is the test's own reckoning. */
function crc32c(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(~crc >>> 0);
  return bytes.toString('base64');
}

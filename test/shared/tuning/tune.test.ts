import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { adviseWorkers } from '../../../shared/tuning/rules.ts';
import { tune } from '../../../shared/tuning/tune.ts';

const GIB = 2 ** 30;
const load = (changes: object = {}) => ({
  name: 'make',
  samples: 100,
  busy: 60,
  iowait: 2,
  memoryBytes: 60 * GIB,
  peakBytes: 20 * GIB,
  leastFree: 40 / 60,
  ...changes,
});
const run = (changes: object = {}) => ({
  runId: '20261124-030643-1a2b',
  target: 'all',
  status: 'succeeded' as const,
  machineType: 'c4d-highcpu-32',
  workers: 10,
  seconds: 36_300,
  makeSeconds: 36_000,
  ...changes,
});

test('idle processors, a quick disk and free memory: four to eight more workers', () => {
  assert.deepEqual(adviseWorkers(10, load()), {
    workers: 15,
    because:
      'processors were only 60 % busy, waited 2 % for the disk, and 67 % of the memory stayed free: more workers',
  });
  assert.equal(adviseWorkers(10, load({ busy: 20 })).workers, 18);
  assert.equal(adviseWorkers(10, load({ busy: 80 })).workers, 14);
});

test('well used processors stay as they are', () => {
  assert.deepEqual(adviseWorkers(10, load({ busy: 93 })), {
    workers: 10,
    because: 'processors were 93 % busy, and waited 2 % for the disk: well used',
  });
});

test('where the disk is the limit, workers are not added', () => {
  const { workers, because } = adviseWorkers(10, load({ busy: 50, iowait: 18 }));
  assert.equal(workers, 10);
  assert.match(because, /^processors waited 18 % of their time for the disk/);
});

test('memory that runs short means fewer workers; just enough of it means no more', () => {
  assert.deepEqual(adviseWorkers(10, load({ peakBytes: 55 * GIB, leastFree: 5 / 60 })), {
    workers: 8,
    because: 'only 8 % of the memory was left at its peak: fewer workers',
  });
  assert.equal(adviseWorkers(10, load({ peakBytes: 45 * GIB, leastFree: 0.25 })).workers, 10);
});

test('whatever the load, the advised workers leave the aimed share of memory free', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 96 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 60 }),
      (workers, busy, peak) => {
        const advice = adviseWorkers(
          workers,
          load({ busy, peakBytes: peak * GIB, leastFree: 1 - peak / 60 }),
        );
        const expected = (peak / workers) * advice.workers;
        assert.ok(advice.workers <= workers || expected <= 45 + 1e-9);
        assert.ok(advice.workers >= 1 && advice.workers <= workers + 8);
      },
    ),
  );
});

test('the next run: the same machine with more workers, with its hours and dollars', () => {
  const tuning = tune({ run: run(), load: load(), history: [], machineTypes: ['c4d-highcpu-32'] });
  const { dollars, ...now } = tuning?.now ?? { dollars: 0 };
  assert.deepEqual(now, { machineType: 'c4d-highcpu-32', workers: 10, seconds: 36_300, measured: 0 });
  assert.equal(dollars.toFixed(2), '12.67');
  assert.equal(tuning?.next.workers, 15);
  assert.equal(Math.round(tuning?.next.seconds ?? 0), 300 + Math.round((36_000 * 60) / 85));
  assert.equal(tuning?.because.length, 1);
});

test('what was measured counts more than what is estimated', () => {
  const history = [
    run({ workers: 15, seconds: 30_000 }),
    run({ workers: 15, seconds: 31_000 }),
    run({ workers: 15, seconds: 32_000 }),
  ];
  const tuning = tune({ run: run(), load: load(), history, machineTypes: ['c4d-highcpu-32'] });
  assert.deepEqual([tuning?.next.seconds, tuning?.next.measured], [31_000, 3]);
});

test('a machine most of which idles gives way to a smaller one that is hardly slower', () => {
  const tuning = tune({
    run: run({ machineType: 'c4d-highcpu-96', workers: 32 }),
    load: load({ busy: 28, memoryBytes: 180 * GIB, iowait: 12 }),
    history: [],
    machineTypes: ['c4d-highcpu-32', 'c4d-highcpu-96'],
  });
  assert.equal(tuning?.next.machineType, 'c4d-highcpu-32');
  assert.match(tuning?.because[1] ?? '', /^c4d-highcpu-32 costs 67 % less and takes as long \(estimated/);
});

test('a smaller machine that takes much longer is not proposed', () => {
  const tuning = tune({
    run: run({ machineType: 'c4d-highcpu-96', workers: 32 }),
    load: load({ busy: 92, memoryBytes: 180 * GIB }),
    history: [],
    machineTypes: ['c4d-highcpu-32', 'c4d-highcpu-96'],
  });
  assert.equal(tuning?.next.machineType, 'c4d-highcpu-96');
  assert.deepEqual(
    tuning?.options.map((option) => option.machineType),
    ['c4d-highcpu-96', 'c4d-highcpu-32'],
  );
});

test('a run that lacks the figures is not tuned', () => {
  assert.equal(
    tune({ run: run({ makeSeconds: undefined }), load: load(), history: [], machineTypes: [] }),
    undefined,
  );
});

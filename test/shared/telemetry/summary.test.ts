import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTelemetryLog } from '../../../shared/telemetry/parse-log.ts';
import { telemetryOf } from '../../../shared/telemetry/reading.ts';
import { parseTelemetry } from '../../../shared/telemetry/samples.ts';
import { summarise } from '../../../shared/telemetry/summarise.ts';

const HEADER =
  'time,phase,usr,sys,wa,idle,irq,soft,steal,runq,blocked,mem_total_kib,mem_free_kib,mem_available_kib,swap_used_kib';

const csv = (text: string) => telemetryOf(parseTelemetry(text));

test('telemetry.csv: average and peak, by phase and in all', () => {
  const text = `${HEADER}
2026-11-24T03:10:00Z,source,10.00,2.00,5.00,83.00,0.00,0.00,0.00,1,0,1000,100,900,0
2026-11-24T03:10:05Z,make,90.00,5.00,1.00,4.00,0.00,0.00,0.00,33,2,1000,100,400,0
2026-11-24T03:10:10Z,make,80.00,5.00,3.00,12.00,0.00,0.00,0.00,31,2,1000,100,600,0
2026-11-24T03:10:15Z,make,80.0`;
  assert.deepEqual(summarise(csv(text)), {
    samples: 3,
    memoryTotalBytes: 1_024_000,
    cpu: { average: 64, peak: 95 },
    iowait: { average: 3, peak: 5 },
    runQueue: { average: 21.67, peak: 33 },
    memoryUsedBytes: { average: 375_466.67, peak: 614_400 },
    phases: [
      {
        phase: 'source',
        samples: 1,
        cpu: { average: 12, peak: 12 },
        iowait: { average: 5, peak: 5 },
        runQueue: { average: 1, peak: 1 },
        memoryUsedBytes: { average: 102_400, peak: 102_400 },
      },
      {
        phase: 'make',
        samples: 2,
        cpu: { average: 90, peak: 95 },
        iowait: { average: 2, peak: 3 },
        runQueue: { average: 32, peak: 33 },
        memoryUsedBytes: { average: 512_000, peak: 614_400 },
      },
    ],
  });
});

test('the newer lines, with their footer, among other lines and behind a prefix', () => {
  const text = `[startup][2025-11-20T03:00:00Z] [telemetry][vmstat] interval=30s runq=2 blocked=0 free=900 idle=90% wa=4%\r
[startup][2025-11-20T03:10:00Z] starting make d_anchor_category
[startup][2025-11-20T03:10:05Z] [telemetry][vmstat] skipped short line (fields=3): 1 2 3
[startup][2025-11-20T03:10:05Z] [telemetry][vmstat] interval=5s runq=34 blocked=1 free=100 idle=3% wa=1%
[startup][2025-11-20T03:10:05Z] [telemetry][cpu] interval=5s t=03:10:05 cpu=all usr=91.50% sys=3.50% wa=1.25% idle=3.75% irq=0.00% soft=0.00% steal=0.00% guest=0.00% gnice=0.00%
[telemetry][mem] interval=5s t=2025-11-20T03:10:05Z total=1000 free=100 available=300 swap=0
working [telemetry] on it
[mem][summary] samples=1 total=1000 min_available=250 mean_available=300 peak_used=750 peak_used_percent=75%
`;
  const summary = summarise(parseTelemetryLog(text));
  assert.deepEqual(summary?.phases, [
    { phase: 'provision', samples: 1, runQueue: { average: 2, peak: 2 } },
    {
      phase: 'make',
      samples: 1,
      cpu: { average: 95, peak: 95 },
      iowait: { average: 1.25, peak: 1.25 },
      runQueue: { average: 34, peak: 34 },
      memoryUsedBytes: { average: 716_800, peak: 716_800 },
    },
  ]);
  assert.equal(summary?.memoryTotalBytes, 1_024_000);
});

test('the older lines are rows of the programs themselves', () => {
  const text = `[vmstat] procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----
[vmstat]  r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st
[vmstat] 33  1      0 123456   2048 654321    0    0    12    34  567  890 90  5  4  1  0
[mpstat] Linux 6.1.0 (vm) 	11/20/25 	_x86_64_	(32 CPU)
[mpstat] 03:10:00     CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   %idle
[mpstat] 03:10:05     all   90.00    0.00    5.00    1.00    0.00    0.00    0.00    0.00    0.00    4.00
[mpstat] 03:10:10 AM  all   70.00    0.00    5.00   10.00    0.00    0.00    0.00    0.00    0.00   15.00
Average:     all   80.00    0.00    5.00    5.50    0.00    0.00    0.00    0.00    0.00    9.50
[mpstat] Average:     all   80.00    0.00    5.00    5.50    0.00    0.00    0.00    0.00    0.00    9.50
`;
  assert.deepEqual(summarise(parseTelemetryLog(text)), {
    samples: 2,
    cpu: { average: 85, peak: 95 },
    iowait: { average: 5.5, peak: 10 },
    runQueue: { average: 33, peak: 33 },
    phases: [
      {
        phase: 'provision',
        samples: 2,
        cpu: { average: 85, peak: 95 },
        iowait: { average: 5.5, peak: 10 },
        runQueue: { average: 33, peak: 33 },
      },
    ],
  });
});

test('a footer may be all that is left', () => {
  const text = '[mem][summary] samples=9 total=1000 mean_available=600 peak_used=750';
  assert.deepEqual(summarise(parseTelemetryLog(text)), {
    samples: 0,
    memoryTotalBytes: 1_024_000,
    memoryUsedBytes: { average: 409_600, peak: 768_000 },
    phases: [],
  });
});

test('nothing read: no summary', () => {
  assert.equal(summarise(parseTelemetryLog('no telemetry\n')), undefined);
  assert.equal(summarise(csv(`${HEADER}\n`)), undefined);
  assert.equal(summarise(csv('')), undefined);
});

const percent = fc.integer({ min: 0, max: 10_000 }).map((value) => value / 100);
const sample = fc.record({
  phase: fc.constantFrom('source', 'make', 'upload'),
  shares: fc.tuple(percent, percent),
  runq: fc.nat(500),
  memory: fc.tuple(fc.nat(1e9), fc.nat(1e9)),
});

test('property: the peak is the largest, the average lies between, and no order changes them', () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), fc.nat(), (samples, shift) => {
      const rows = samples.map(({ phase, shares: [idle, wa], runq, memory: [a, b] }) =>
        [
          '2026-11-24T03:10:00Z',
          phase,
          100 - idle,
          0,
          wa,
          idle,
          0,
          0,
          0,
          runq,
          0,
          Math.max(a, b),
          0,
          Math.min(a, b),
          0,
        ].join(','),
      );
      const summaryOf = (order: string[]) => summarise(csv([HEADER, ...order].join('\n')));
      const summary = summaryOf(rows);
      const cut = shift % rows.length;
      const turned = summaryOf([...rows.slice(cut), ...rows.slice(0, cut)]);
      assert.deepEqual(
        [turned?.cpu?.peak, turned?.runQueue, turned?.iowait?.peak],
        [summary?.cpu?.peak, summary?.runQueue, summary?.iowait?.peak],
      );
      assert.equal(summary?.samples, samples.length);
      assert.equal(summary?.runQueue?.peak, Math.max(...samples.map(({ runq }) => runq)));
      for (const { cpu, runQueue } of [summary, ...summary.phases]) {
        assert.ok(cpu && cpu.average <= cpu.peak && cpu.peak <= 100 && cpu.average >= 0);
        assert.ok(runQueue && runQueue.average <= runQueue.peak);
      }
    }),
  );
});

test('property: no text is too strange', () => {
  const piece = fc.constantFrom(
    '[telemetry]',
    '[mem]',
    '[vmstat]',
    '[mpstat] ',
    '[summary]',
    ' ',
    '=',
    '12%',
    'all',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      summarise(parseTelemetryLog(pieces.join('')));
      summarise(csv(pieces.join('')));
    }),
  );
});

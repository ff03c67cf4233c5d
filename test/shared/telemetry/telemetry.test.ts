import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { phaseLoads } from '../../../shared/telemetry/loads.ts';
import { parseTelemetry, type Sample } from '../../../shared/telemetry/samples.ts';
import { thin } from '../../../shared/telemetry/thin.ts';

const HEADER =
  'time,phase,usr,sys,wa,idle,irq,soft,steal,runq,blocked,mem_total_kib,mem_free_kib,mem_available_kib,swap_used_kib';

test('rows are read by their header; the rest of a cut-off file is passed over', () => {
  const csv = `${HEADER}
2026-11-24T03:00:05Z,make,80.00,5.00,4.00,10.00,0.50,0.50,0.00,33,0,1000,200,400,0
2026-11-24T03:00:10Z,make,garbled,5.00,4.00,10.00,0.50,0.50,0.00,33,0,1000,200,400,0
2026-11-24T03:00:15Z,make,80.0`;
  assert.deepEqual(parseTelemetry(csv), [
    {
      at: Date.parse('2026-11-24T03:00:05Z'),
      phase: 'make',
      busy: 86,
      user: 80,
      system: 6,
      iowait: 4,
      runQueue: 33,
      memoryBytes: 1_024_000,
      availableBytes: 409_600,
      swapBytes: 0,
    },
  ]);
  assert.deepEqual(parseTelemetry(''), []);
});

test('the load of a phase: means of the processors, the worst of the memory', () => {
  const samples = [
    sample({ phase: 'boot', busy: 10 }),
    sample({ phase: 'make', busy: 80, iowait: 2, availableBytes: 300 }),
    sample({ phase: 'make', busy: 100, iowait: 4, availableBytes: 200 }),
  ];
  const [boot, make] = phaseLoads(samples);
  assert.equal(boot?.name, 'boot');
  assert.deepEqual(make, {
    name: 'make',
    samples: 2,
    busy: 90,
    iowait: 3,
    memoryBytes: 1000,
    peakBytes: 800,
    leastFree: 0.2,
  });
});

test('thinning keeps the order, the phases, the extremes of memory and about the asked number', () => {
  const phases = fc.constantFrom('boot', 'make', 'upload');
  const samples = fc.array(
    fc.record({ phase: phases, busy: fc.nat(100), availableBytes: fc.nat(1000) }).map(sample),
    { minLength: 1, maxLength: 300 },
  );
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 50 }), (given, most) => {
      const ordered = given.map((each, index) => ({ ...each, at: index * 5000 }));
      const thinned = thin(ordered, most);
      const changes = ordered.filter(({ phase }, index) => phase !== ordered[index - 1]?.phase).length;
      assert.ok(thinned.length <= most + changes);
      assert.ok(thinned.every(({ at }, index) => index === 0 || at > (thinned[index - 1]?.at ?? 0)));
      const least = (all: Sample[]) => Math.min(...all.map(({ availableBytes }) => availableBytes));
      assert.equal(least(thinned), least(ordered));
    }),
  );
});

function sample(changes: Partial<Sample>): Sample {
  return {
    at: 0,
    phase: 'make',
    busy: 0,
    user: 0,
    system: 0,
    iowait: 0,
    runQueue: 0,
    memoryBytes: 1000,
    availableBytes: 900,
    swapBytes: 0,
    ...changes,
  };
}

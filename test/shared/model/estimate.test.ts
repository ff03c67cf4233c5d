import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Heartbeat } from '../../../shared/model/attempt.ts';
import { estimateEnd } from '../../../shared/model/estimate.ts';

const CLAIMED = '2026-11-24T03:00:00Z';
const FORMER = [
  { name: 'source', seconds: 60 },
  { name: 'apt', seconds: 200 },
  { name: 'python', seconds: 140 },
  { name: 'make', seconds: 3600 },
  { name: 'upload', seconds: 100 },
];

function beat(changes: Partial<Heartbeat>): Heartbeat {
  return { at: CLAIMED, bootId: 'b', phase: 'make', phaseStartedAt: '2026-11-24T03:10:00Z', ...changes };
}

test('nothing to go by: no estimate', () => {
  assert.equal(estimateEnd(undefined, CLAIMED, undefined), undefined);
  assert.equal(estimateEnd(undefined, CLAIMED, beat({})), undefined);
});

test('before the first sign of life: the earlier run as a whole, steps beside others not counted', () => {
  assert.deepEqual(estimateEnd(FORMER, CLAIMED, undefined), {
    finishAt: '2026-11-24T04:05:00Z',
    basis: 'former-run',
  });
});

test('in a phase: what it and those after it took', () => {
  assert.deepEqual(estimateEnd(FORMER, CLAIMED, beat({})), {
    finishAt: '2026-11-24T04:11:40Z',
    basis: 'former-run',
  });
});

test('its own progress counts more than an earlier run, once there is a pace', () => {
  const progress = {
    fraction: 0.5,
    at: '2026-11-24T03:30:00Z',
    since: '2026-11-24T03:20:00Z',
    sinceFraction: 0.4,
  };
  assert.deepEqual(estimateEnd(FORMER, CLAIMED, beat({ progress })), {
    finishAt: '2026-11-24T04:21:40Z',
    basis: 'progress',
  });
  const first = { ...progress, fraction: 0.4, at: progress.since };
  assert.equal(estimateEnd(FORMER, CLAIMED, beat({ progress: first }))?.basis, 'former-run');
  assert.equal(estimateEnd(FORMER, CLAIMED, beat({ progress, phase: 'upload' }))?.basis, 'former-run');
});

test('property: the end is never before the progress that it is reckoned from', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, fc.integer({ min: 0, max: 1_000_000 }), (a, b, seconds) => {
      const at = new Date(Date.parse(CLAIMED) + seconds * 1000).toISOString();
      const progress = { fraction: Math.max(a, b), sinceFraction: Math.min(a, b), at, since: CLAIMED };
      const estimate = estimateEnd(undefined, CLAIMED, beat({ progress }));
      return !estimate || Date.parse(estimate.finishAt) >= Date.parse(at) - 1000;
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disagreement, soak } from './soak.ts';

test('a dozen runs with faults and doubled messages: each is worked on once, finished and told', async (t) => {
  const runs = 12;
  const counts = await soak({ runs, faults: 10, doubled: 25, waiting: 1, clouds: 2 });
  t.diagnostic(JSON.stringify(counts));
  assert.equal(disagreement(runs, counts), undefined);
  assert.ok(counts.faults > 0, 'no fault has struck');
});

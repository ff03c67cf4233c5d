import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from './explore.ts';
import { exploreByJobs } from './jobs.ts';

test('two jobs find what one finds: the same steps and faults', async () => {
  const seeds = { first: 1, count: 12 };
  const counts: number[] = [];
  const found = await exploreByJobs(seeds, 2, (done) => counts.push(done));
  assert.deepEqual(found, await explore(seeds));
  assert.equal(counts.at(-1), 12);
});

test('however many jobs there are, they end with the first seed that fails', async () => {
  const seeds = { first: 1, count: 60, mutation: 'slot-cas' } as const;
  const found = await exploreByJobs(seeds, 3);
  assert.deepEqual(found, await explore(seeds));
  assert.equal(found.violations.length, 1);
});

test('with keepGoing they go on after a violation', async () => {
  const seeds = { first: 1, count: 24, mutation: 'vm-off', keepGoing: true } as const;
  const { runs, violations } = await exploreByJobs(seeds, 2);
  assert.equal(runs, 24);
  assert.ok(violations.length > 1);
});

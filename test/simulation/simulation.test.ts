import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Choices } from './choices.ts';
import { explore } from './explore.ts';
import { exploreByJobs } from './jobs.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';
import { REMEMBERED } from './seeds.ts';
import { invariantIn, invariantOf } from './shrink.ts';
import { Simulation } from './simulation.ts';

/** About ten seconds of a quiet machine. More: `npm run simulate`. */
const RUNS = Number(process.env.VICINITY_SIMULATE_RUNS ?? 1000);
/** Each safeguard is missed within far fewer. */
const SEEDS_TO_NOTICE = 1000;

test('no invariant is violated, whatever goes wrong in whichever order', async (t) => {
  // In workers: the test runner watches every promise of its own thread, which makes them many times slower.
  const { runs, steps, faults, violations } = await exploreByJobs({ first: 1, count: RUNS }, 2);
  t.diagnostic(`${runs} runs, ${steps} steps, faults ${JSON.stringify(Object.fromEntries(faults))}`);
  assert.deepEqual(
    violations.map(({ seed, message }) => `seed ${seed}: ${message}`),
    [],
  );
});

for (const [seed, story] of REMEMBERED) {
  test(`seed ${seed}: ${story}`, async () => {
    const { violations } = await explore({ first: seed, count: 1 });
    assert.deepEqual(violations, []);
  });
}

for (const mutation of Object.keys(MUTATIONS) as Mutation[]) {
  test(`without the safeguard «${mutation}» the simulation finds a violation, and replays it`, async (t) => {
    const { runs, violations } = await explore({ first: 1, count: SEEDS_TO_NOTICE, mutation });
    const [found] = violations;
    assert.ok(found, MUTATIONS[mutation]);
    t.diagnostic(`seed ${runs}: ${found.message}`);
    assert.equal(await invariantOf(found.taken, mutation), invariantIn(found.message));
  });
}

test('the documentation lists every safeguard', () => {
  const document = readFileSync(new URL('../../docs/reference/simulation.md', import.meta.url), 'utf8');
  const rows = document.matchAll(/^\| .+? \| `([\w-]+)` +\| \d+ +\| \w+ +\|$/gm);
  assert.deepEqual(Array.from(rows, ([, name]) => name).toSorted(), Object.keys(MUTATIONS).toSorted());
});

test('the same seed gives the same simulation, step by step', async () => {
  const [first, second] = [Choices.seeded(7), Choices.seeded(7)];
  const outcomes = [await new Simulation(first).run(), await new Simulation(second).run()];
  assert.deepEqual(outcomes[0], outcomes[1]);
  assert.deepEqual(first.taken, second.taken);
});

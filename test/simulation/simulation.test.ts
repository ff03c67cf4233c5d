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

/** A few seconds. CI simulates far more: `npm run simulate`. */
const RUNS = Number(process.env.VICINITY_SIMULATE_RUNS ?? 200);
/** Each safeguard is missed within far fewer, from the seed that the documentation names. */
const SEEDS_TO_NOTICE = 1000;

const document = readFileSync(new URL('../../docs/reference/simulation.md', import.meta.url), 'utf8');
const rows = document.matchAll(/^\| .+? \| `([\w-]+)` +\| (\d+) +\| \w+ +\|$/gm);
const documented = new Map(Array.from(rows, ([, name = '', seed]) => [name, Number(seed)]));

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
    const first = documented.get(mutation) ?? 1;
    const { violations } = await explore({ first, count: SEEDS_TO_NOTICE, mutation });
    const [found] = violations;
    assert.ok(found, MUTATIONS[mutation]);
    t.diagnostic(`seed ${found.seed}: ${found.message}`);
    assert.equal(await invariantOf(found.taken, mutation), invariantIn(found.message));
  });
}

test('the documentation lists every safeguard', () => {
  assert.deepEqual([...documented.keys()].toSorted(), Object.keys(MUTATIONS).toSorted());
});

test('the same seed gives the same simulation, step by step', async () => {
  const [first, second] = [Choices.seeded(7), Choices.seeded(7)];
  const outcomes = [await new Simulation(first).run(), await new Simulation(second).run()];
  assert.deepEqual(outcomes[0], outcomes[1]);
  assert.deepEqual(first.taken, second.taken);
});

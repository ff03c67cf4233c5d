import { Choices } from './choices.ts';
import type { Exploration, Violation } from './explore.ts';
import { exploreByJobs } from './jobs.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';
import { type Options, readOptions } from './options.ts';
import { drawProgress } from './progress.ts';
import { invariantIn, readChoices, shrink, writeChoices } from './shrink.ts';
import { Simulation } from './simulation.ts';

/** `npm run simulate` (see HELP in options.ts). Exit 1 where an invariant is violated, or a missing safeguard is not noticed. */
const options = readOptions();
if (options.mutations) process.exitCode = await missEverySafeguard(options);
else if (options.trace || options.replay) process.exitCode = await showOne(options);
else process.exitCode = await exploreAll(options);

async function exploreAll({ runs, seed, jobs, mutation, keepGoing }: Options): Promise<number> {
  console.log(`seeds ${seed} to ${seed + runs - 1}${mutation ? ` without the safeguard ${mutation}` : ''}`);
  const startedAt = performance.now();
  const { draw, clear } = drawProgress(runs);
  const found = await exploreByJobs({ first: seed, count: runs, mutation, keepGoing }, jobs, draw);
  clear();
  report(found, (performance.now() - startedAt) / 1000);
  for (const { seed, message } of found.violations) console.log(`VIOLATION at seed ${seed}: ${message}`);
  const [first] = found.violations;
  if (first) await explain(first, mutation);
  return found.violations.length > 0 ? 1 : 0;
}

function report({ runs, steps, faults, violations }: Exploration, seconds: number): void {
  console.log(`${runs} runs, ${steps} steps explored in ${Math.round(seconds)} s. Faults injected:`);
  for (const [kind, count] of [...faults].toSorted((a, b) => b[1] - a[1]))
    console.log(`  ${String(count).padStart(9)}  ${kind}`);
  console.log(`${violations.length} violations`);
}

/** The shortest way to the violation that is found. */
async function explain({ seed, message, taken }: Violation, mutation: Mutation | undefined): Promise<void> {
  const small = writeChoices(await shrink(taken, invariantIn(message), mutation));
  const counts = [writeChoices(taken), small].map((choices) => choices.split(' ').length);
  console.log(`Seed ${seed} takes ${counts[0]} choices; these ${counts[1]} of them are enough:`);
  console.log(`npm run simulate --${mutation ? ` --mutation ${mutation}` : ''} --trace --replay '${small}'`);
}

async function showOne({ seed, mutation, trace, replay }: Options): Promise<number> {
  const choices = replay === undefined ? Choices.seeded(seed) : Choices.replayed(readChoices(replay));
  const simulation = new Simulation(choices, { mutation, trace: trace ? console.log : undefined });
  const { steps, violation } = await simulation.run();
  console.log(`${steps} steps. ${violation ? `VIOLATION: ${violation.message}` : 'No violation.'}`);
  return violation ? 1 : 0;
}

/** Takes away one safeguard after the other, and shows how many seeds it takes to notice. */
async function missEverySafeguard({ runs, seed, jobs }: Options): Promise<number> {
  let unnoticed = 0;
  for (const mutation of Object.keys(MUTATIONS) as Mutation[]) {
    const { runs: seeds, violations } = await exploreByJobs({ first: seed, count: runs, mutation }, jobs);
    const [first] = violations;
    if (!first) unnoticed += 1;
    console.log(
      `${mutation.padEnd(24)} ${first ? `seed ${seed + seeds - 1}: ${first.message}` : 'NOT NOTICED'}`,
    );
  }
  return unnoticed > 0 ? 1 : 0;
}

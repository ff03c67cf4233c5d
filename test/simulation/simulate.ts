import { parseArgs } from 'node:util';
import { explore } from './explore.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';
import { shrink } from './shrink.ts';

/** `npm run simulate -- --runs N --seed S [--mutation NAME]`: exit 1 where an invariant is violated. */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    mutation: { type: 'string' },
  },
});
if (values.mutation && !(values.mutation in MUTATIONS)) {
  console.error(`There is no mutation ${values.mutation}. There are: ${Object.keys(MUTATIONS).join(', ')}.`);
  process.exit(2);
}
const mutation = values.mutation as Mutation | undefined;
const { runs, steps, faults, violations } = await explore(Number(values.runs), Number(values.seed), mutation);
console.log(
  `seeds ${values.seed} to ${Number(values.seed) + runs - 1}: ${runs} runs, ${steps} steps explored`,
);
for (const [kind, count] of [...faults].toSorted((a, b) => b[1] - a[1]))
  console.log(`  ${String(count).padStart(8)}  ${kind}`);
for (const { seed, message, taken } of violations) {
  const invariant = message.split(':')[0] ?? '';
  const small = await shrink(taken, invariant, mutation);
  console.log(`VIOLATION at seed ${seed}: ${message}`);
  console.log(`${taken.length} choices, shrunk to ${small.length}: ${JSON.stringify(small)}`);
}
console.log(`${violations.length} violations`);
process.exitCode = violations.length > 0 ? 1 : 0;

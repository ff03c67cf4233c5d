import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MUTATIONS, type Mutation } from './mutations.ts';

const HELP = `npm run simulate -- [--runs N] [--seed S|random] [--jobs N] [--mutation NAME] [--keep-going]
npm run simulate -- --mutations                  how soon each safeguard is missed
npm run simulate -- --seed S --trace             one simulation, step by step
npm run simulate -- --replay '12:3 40:1' [--trace]   a shrunk one`;

export interface Options {
  runs: number;
  seed: number;
  jobs: number;
  mutation: Mutation | undefined;
  mutations: boolean;
  keepGoing: boolean;
  trace: boolean;
  replay: string | undefined;
}

/** The command's options; wrong ones end the process with status 2. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      mutation: { type: 'string' },
      mutations: { type: 'boolean', default: false },
      'keep-going': { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      replay: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) leave(HELP, 0);
  const { mutation, mutations, trace, replay } = values;
  if (mutation !== undefined && !(mutation in MUTATIONS))
    leave(`There is no mutation ${mutation}. There are: ${Object.keys(MUTATIONS).join(', ')}.`, 2);
  return {
    runs: wholeNumber('runs', values.runs),
    seed: values.seed === 'random' ? randomInt(2 ** 31) : wholeNumber('seed', values.seed),
    jobs: wholeNumber('jobs', values.jobs),
    mutation: mutation as Mutation | undefined,
    mutations,
    keepGoing: values['keep-going'],
    trace,
    replay,
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) leave(`--${name} ${text} is not a whole number from 1 on.\n\n${HELP}`, 2);
  return Number(text);
}

function leave(text: string, status: number): never {
  console.error(text);
  process.exit(status);
}

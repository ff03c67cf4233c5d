import { Choices } from './choices.ts';
import type { Mutation } from './mutations.ts';
import { Simulation } from './simulation.ts';

export interface Violation {
  seed: number;
  message: string;
  /** The choices that lead there (see Choices.replayed). */
  taken: number[];
}

export interface Exploration {
  runs: number;
  steps: number;
  faults: Map<string, number>;
  violations: Violation[];
}

/** Seeds to be simulated, one after the other. */
export interface Seeds {
  first: number;
  count: number;
  mutation?: Mutation | undefined;
  /** Goes on after a violation. */
  keepGoing?: boolean | undefined;
}

export function nothingExplored(): Exploration {
  return { runs: 0, steps: 0, faults: new Map(), violations: [] };
}

/** Simulates the seeds in their order, until one violates an invariant. */
export async function explore({ first, count, mutation, keepGoing }: Seeds): Promise<Exploration> {
  const all = nothingExplored();
  for (let seed = first; seed < first + count; seed += 1) {
    add(all, await exploreSeed(seed, mutation));
    if (all.violations.length > 0 && !keepGoing) break;
  }
  return all;
}

async function exploreSeed(seed: number, mutation: Mutation | undefined): Promise<Exploration> {
  const choices = Choices.seeded(seed);
  const { steps, faults, violation } = await new Simulation(choices, { mutation }).run();
  const violations = violation ? [{ seed, message: violation.message, taken: choices.taken }] : [];
  return { runs: 1, steps, faults, violations };
}

/** Adds what another exploration has found. */
export function add(sum: Exploration, more: Exploration): void {
  sum.runs += more.runs;
  sum.steps += more.steps;
  for (const [kind, count] of more.faults) sum.faults.set(kind, (sum.faults.get(kind) ?? 0) + count);
  sum.violations.push(...more.violations);
}

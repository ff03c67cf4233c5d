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

/** Simulates `runs` seeds from `seed` on; ends at the `most`-th violation. */
export async function explore(
  runs: number,
  seed: number,
  mutation?: Mutation,
  most = 1,
): Promise<Exploration> {
  const result: Exploration = { runs: 0, steps: 0, faults: new Map(), violations: [] };
  for (let current = seed; current < seed + runs && result.violations.length < most; current += 1) {
    const choices = Choices.seeded(current);
    const { steps, faults, violation } = await new Simulation(choices, mutation).run();
    result.runs += 1;
    result.steps += steps;
    for (const [kind, count] of faults) result.faults.set(kind, (result.faults.get(kind) ?? 0) + count);
    if (violation)
      result.violations.push({ seed: current, message: violation.message, taken: choices.taken });
  }
  return result;
}

import { Choices } from './choices.ts';
import type { Mutation } from './mutations.ts';
import { Simulation } from './simulation.ts';

/** Replays of one shrinking, at most. */
const MOST_REPLAYS = 300;

/** Makes the list of choices of a violating simulation smaller, as long as it still violates the same invariant. */
export async function shrink(
  taken: readonly number[],
  invariant: string,
  mutation?: Mutation,
): Promise<number[]> {
  let best = [...taken];
  let replays = 0;
  for (
    let size = Math.ceil(best.length / 2);
    size >= 1 && replays < MOST_REPLAYS;
    size = Math.floor(size / 2)
  ) {
    for (let from = 0; from < best.length && replays < MOST_REPLAYS; ) {
      replays += 1;
      const candidate = best.toSpliced(from, size);
      if ((await invariantOf(candidate, mutation)) === invariant) best = candidate;
      else from += size;
    }
  }
  return best;
}

/** The number of the invariant that these choices violate, such as `I4`. */
export async function invariantOf(list: readonly number[], mutation?: Mutation): Promise<string | undefined> {
  const { violation } = await new Simulation(Choices.replayed(list), mutation).run();
  return violation?.message.split(':')[0];
}

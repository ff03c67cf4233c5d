import { Choices } from './choices.ts';
import type { Mutation } from './mutations.ts';
import { Simulation } from './simulation.ts';

/** Replays of one shrinking, at most. */
const MAX_REPLAYS = 1000;

/**
 * Makes a violating simulation simpler, as long as it still violates the same invariant: its choices become 0, first many at once,
 * then fewer and fewer. Zeros at the end are left out.
 */
export async function shrink(
  taken: readonly number[],
  invariant: string,
  mutation?: Mutation,
): Promise<number[]> {
  let best = [...taken];
  let replays = 0;
  for (let size = best.length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < best.length && replays < MAX_REPLAYS; from += size) {
      const candidate = best.with(from, 0).fill(0, from, from + size);
      if (best.slice(from, from + size).every((choice) => choice === 0)) continue;
      replays += 1;
      if ((await invariantOf(candidate, mutation)) === invariant) best = withoutEnd(candidate);
    }
  }
  return best;
}

function withoutEnd(choices: number[]): number[] {
  return choices.slice(0, choices.findLastIndex((choice) => choice !== 0) + 1);
}

/** The number of the invariant that these choices violate, such as `I4`. */
export async function invariantOf(list: readonly number[], mutation?: Mutation): Promise<string | undefined> {
  const { violation } = await new Simulation(Choices.replayed(list), { mutation }).run();
  return violation && invariantIn(violation.message);
}

/** `I4` of `I4: …`. */
export function invariantIn(message: string): string {
  return message.split(':')[0] ?? '';
}

/** `12:3 40:1`: the choices that are not 0, with their places. */
export function writeChoices(choices: readonly number[]): string {
  return choices.flatMap((choice, place) => (choice === 0 ? [] : [`${place}:${choice}`])).join(' ');
}

export function readChoices(text: string): number[] {
  const choices: number[] = [];
  for (const pair of text.split(' ').filter(Boolean)) {
    const [place = Number.NaN, choice = Number.NaN] = pair.split(':').map(Number);
    if (Number.isNaN(place) || Number.isNaN(choice))
      throw new Error(`${pair} is not a place and a choice, such as 12:3.`);
    choices[place] = choice;
  }
  return Array.from(choices, (choice) => choice ?? 0);
}

/**
 * Where every decision of a simulation comes from: a sequence of whole numbers. Made from a seed it is random and recorded; given
 * as a list it replays that list, and beyond its end everything takes its simplest course (0). So a failing run can be repeated
 * exactly, and made smaller by turning numbers into 0.
 */
export class Choices {
  readonly taken: number[] = [];
  readonly #source: (index: number) => number;

  private constructor(source: (index: number) => number) {
    this.#source = source;
  }

  static seeded(seed: number): Choices {
    return new Choices(sfc32(seed));
  }

  static replayed(list: readonly number[]): Choices {
    return new Choices((index) => list[index] ?? 0);
  }

  /** A whole number from 0 to `below` - 1. */
  pick(below: number): number {
    const taken = this.#source(this.taken.length) % below;
    this.taken.push(taken);
    return taken;
  }

  /** True about `percent` times in a hundred; 0 means false. */
  chance(percent: number): boolean {
    return this.pick(10_000) >= 10_000 - percent * 100;
  }
}

/** Rounds after which the seed is well mixed into the state, by the generator's author. */
const WARM_UP = 12;

/**
 * A small, fast generator of 32-bit numbers: sfc32 of Chris Doty-Humphrey's PractRand (public domain). Its 128 bits of state keep
 * a million simulations of thousands of numbers apart.
 */
function sfc32(seed: number): () => number {
  let [a, b, c, counter] = [0, seed | 0, 0, 1];
  const next = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < WARM_UP; round += 1) next();
  return next;
}

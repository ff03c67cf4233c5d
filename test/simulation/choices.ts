/**
 * Where every decision of a simulation comes from: a sequence of whole numbers. Made from a seed it is random and recorded; given
 * as a list it replays that list, and beyond its end everything takes its simplest course (0). So a failing run can be repeated
 * exactly, and made smaller by taking numbers away.
 */
export class Choices {
  readonly taken: number[] = [];
  readonly #source: (index: number) => number;

  private constructor(source: (index: number) => number) {
    this.#source = source;
  }

  static seeded(seed: number): Choices {
    const random = mulberry32(seed);
    return new Choices(() => random());
  }

  static replayed(list: readonly number[]): Choices {
    return new Choices((index) => list[index] ?? 0);
  }

  /** A whole number from 0 to `below` - 1. */
  pick(below: number): number {
    const raw = this.#source(this.taken.length);
    this.taken.push(raw);
    return raw % below;
  }

  /** True about `percent` times in a hundred; 0 means false. */
  chance(percent: number): boolean {
    return this.pick(10_000) >= 10_000 - percent * 100;
  }
}

/** A small, well-mixed generator of 32-bit numbers (Tommy Ettinger's mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

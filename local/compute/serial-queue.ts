interface Line {
  asked: number;
  last: Promise<void>;
}

/** Runs what is asked of each instance one after another, in the order of asking. */
export class SerialQueue {
  readonly #lines = new Map<string, Line>();

  /** Runs `turn` after those before it. `isLast` tells it whether anything has been asked since. Rejects as `turn` does. */
  next(id: string, turn: (isLast: () => boolean) => Promise<void>): Promise<void> {
    const line = this.#line(id);
    const number = ++line.asked;
    const run = line.last.then(() => turn(() => line.asked === number));
    line.last = run.catch(() => {});
    return run;
  }

  /** Resolves when everything asked so far has been done. */
  settled(id: string): Promise<void> {
    return this.#line(id).last;
  }

  #line(id: string): Line {
    const known = this.#lines.get(id);
    if (known) return known;
    const line = { asked: 0, last: Promise.resolve() };
    this.#lines.set(id, line);
    return line;
  }
}

import type { Clock } from '../../shared/ports/clock.ts';

export interface Pace {
  /** Milliseconds before the second look; each later pause is longer by half. */
  first: number;
  /** Longest pause. */
  most: number;
}

const GROWTH = 1.5;

/** Looks until `probe` finds something, with growing pauses; undefined after `deadlineMs`. */
export async function poll<T>(
  clock: Clock,
  pace: Pace,
  deadlineMs: number,
  probe: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const deadline = clock.now().getTime() + deadlineMs;
  for (let pause = pace.first; ; pause = Math.min(pause * GROWTH, pace.most)) {
    const found = await probe();
    if (found !== undefined) return found;
    const left = deadline - clock.now().getTime();
    if (left <= 0) return undefined;
    await clock.sleep(Math.min(pause, left));
  }
}

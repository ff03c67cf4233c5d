import type { Clock } from '../../shared/ports/clock.ts';

export interface Pace {
  /** Milliseconds before the second attempt; each later pause is half as long again. */
  first: number;
  /** Longest pause. */
  most: number;
}

const GROWTH = 1.5;

/** Calls `probe` with growing pauses until it returns something; undefined after `deadlineMs`. */
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

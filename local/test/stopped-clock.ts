import { CloudClock } from '../core/clock.ts';

/**
 * A cloud's clock that moves only when it is advanced. With a running clock, a test that compares two readings fails whenever a
 * millisecond passes between them.
 */
export function stoppedClock(): CloudClock {
  const startedAt = Date.now();
  return new CloudClock(undefined, () => startedAt);
}

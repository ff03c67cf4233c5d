import type { Clock } from '../../shared/ports/clock.ts';

/** A clock that stands still until it is moved; sleeping moves it. */
export class ManualClock implements Clock {
  #now: number;

  constructor(start = '2026-11-24T03:00:00.000Z') {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  sleep(ms: number): Promise<void> {
    this.advance(ms / 1000);
    return Promise.resolve();
  }

  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

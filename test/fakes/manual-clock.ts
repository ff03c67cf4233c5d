import type { Clock } from '../../shared/ports/clock.ts';

interface Timer {
  due: number;
  fire: () => void;
}

/** A clock that stands still until a test moves it. Sleeping moves it, too. */
export class ManualClock implements Clock {
  #now: number;
  #timers: Timer[] = [];

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

  after(ms: number, fire: () => void): () => void {
    const timer = { due: this.#now + ms, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves the clock and fires what falls due, in order. */
  advance(seconds: number): void {
    this.#now += seconds * 1000;
    const due = this.#timers.filter((timer) => timer.due <= this.#now).sort((a, b) => a.due - b.due);
    this.#timers = this.#timers.filter((timer) => timer.due > this.#now);
    for (const { fire } of due) fire();
  }
}

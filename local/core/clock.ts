import type { StateFile } from './state-file.ts';

/** A source of time. */
export interface Clock {
  now(): Date;
}

/** The part of the clock that outlives the process. */
export interface Kept {
  aheadMs: number;
}

interface Timer {
  due: number;
  fire: () => void;
}

/** Longest real wait: setTimeout overflows beyond 2^31 ms, so a later timer is armed again. */
const MAX_WAIT_MS = 60_000;

/**
 * The local cloud's one source of time: real time plus an offset that `advance` moves forward.
 * Everything that waits (operations, ack deadlines, backoff, cron, maxRunDuration) waits here, so that a test can skip hours in
 * milliseconds.
 */
export class CloudClock implements Clock {
  readonly #kept: StateFile<Kept> | undefined;
  #offset: number;
  #timers: Timer[] = [];
  #wake: NodeJS.Timeout | undefined;
  readonly #realTime: () => number;

  /**
   * Continues from the offset in `kept`: time must not go backward between two starts. `realTime` returns
   * milliseconds since 1970; tests pass one that stands still.
   */
  constructor(kept?: StateFile<Kept>, realTime: () => number = Date.now) {
    this.#kept = kept;
    this.#realTime = realTime;
    this.#offset = kept?.value.aheadMs ?? 0;
  }

  /** Milliseconds by which cloud time is ahead of real time. */
  get ahead(): number {
    return this.#offset;
  }

  now(): Date {
    return new Date(this.#realTime() + this.#offset);
  }

  /** Calls `fire` once, `ms` of cloud time from now. Returns a function that cancels it. */
  after(ms: number, fire: () => void): () => void {
    const timer: Timer = { due: this.now().getTime() + ms, fire };
    this.#timers.push(timer);
    this.#rearm();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
      this.#rearm();
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Moves cloud time forward; every timer that becomes due fires, in order. */
  advance(ms: number): void {
    this.#offset += ms;
    this.#keep();
    this.#fireDue();
  }

  /** Cancels every timer, so that the process can exit. */
  close(): void {
    this.#timers = [];
    clearTimeout(this.#wake);
  }

  #keep(): void {
    if (!this.#kept) return;
    this.#kept.value = { aheadMs: this.#offset };
    this.#kept.save();
  }

  #fireDue(): void {
    const now = this.now().getTime();
    const due = this.#timers.filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due);
    this.#timers = this.#timers.filter((timer) => timer.due > now);
    for (const timer of due) timer.fire();
    this.#rearm();
  }

  #rearm(): void {
    clearTimeout(this.#wake);
    if (this.#timers.length === 0) return;
    const next = Math.min(...this.#timers.map((timer) => timer.due));
    const wait = Math.min(Math.max(next - this.now().getTime(), 0), MAX_WAIT_MS);
    this.#wake = setTimeout(() => this.#fireDue(), wait);
  }
}

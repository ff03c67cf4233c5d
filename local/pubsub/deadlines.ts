import type { CloudClock } from '../core/clock.ts';

/** Items that each fall due at a cloud time. One timer of the clock for all of them, because those are dear. */
export class Deadlines<T> {
  readonly #clock: CloudClock;
  readonly #onDue: (items: T[]) => void;
  /** Cloud time in ms, by item. */
  readonly #dueAt = new Map<T, number>();
  #wakeAt = Number.POSITIVE_INFINITY;
  #cancelWake = () => {};

  constructor(clock: CloudClock, onDue: (items: T[]) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** The item falls due `ms` from now, whatever was set for it before. */
  set(item: T, ms: number): void {
    const dueAt = this.#now() + ms;
    this.#dueAt.set(item, dueAt);
    this.#wakeBy(dueAt);
  }

  /** The timer is left as it is: when it fires and nothing is due, it is set for the next item. */
  delete(item: T): void {
    this.#dueAt.delete(item);
  }

  clear(): void {
    this.#cancelWake();
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.#dueAt.clear();
  }

  #wakeBy(time: number): void {
    if (time >= this.#wakeAt) return;
    this.#cancelWake();
    this.#wakeAt = time;
    this.#cancelWake = this.#clock.after(time - this.#now(), () => this.#wake());
  }

  #wake(): void {
    this.#wakeAt = Number.POSITIVE_INFINITY;
    const now = this.#now();
    const due = [...this.#dueAt].filter(([, dueAt]) => dueAt <= now).map(([item]) => item);
    for (const item of due) this.#dueAt.delete(item);
    for (const dueAt of this.#dueAt.values()) this.#wakeBy(dueAt);
    if (due.length > 0) this.#onDue(due);
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

import type { Choices } from './choices.ts';

/** Something that runs by itself and can die at any of its steps: a function invocation or a booted VM. */
export class Process {
  readonly name: string;
  dead = false;
  /** Between two outside calls. */
  running = false;
  /** Of several calls at once one has failed, and nobody waits for the others any more. */
  ended = false;

  constructor(name: string) {
    this.name = name;
  }
}

interface Parked {
  process: Process;
  resume: () => void;
}

interface Sleeper extends Parked {
  due: number;
}

/**
 * Decides who goes on next. Every process stops before each of its outside calls; one of the waiting ones is let go, and nothing
 * else happens until it waits again. Time passes only while everybody sleeps, or when the scheduler says so.
 */
export class Scheduler {
  readonly #choices: Choices;
  #parked: Parked[] = [];
  #sleepers: Sleeper[] = [];
  readonly #deaths = new WeakMap<Process, () => void>();
  /** Milliseconds of true time. */
  now = Date.parse('2026-11-24T03:00:00.000Z');
  steps = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** The process waits for its turn. One that has died never gets it. */
  turn(process: Process): Promise<void> {
    process.running = false;
    return new Promise((resume) => this.#parked.push({ process, resume }));
  }

  sleep(process: Process, ms: number): Promise<void> {
    process.running = false;
    return new Promise((resume) => this.#sleepers.push({ process, resume, due: this.now + ms }));
  }

  /** Calls `event` at a later time, as its own step. */
  at(ms: number, event: () => void): void {
    const process = new Process('event');
    const resume = () => {
      process.running = false;
      event();
    };
    this.#sleepers.push({ process, resume, due: this.now + ms });
  }

  /** The process ends between two of its steps, as by SIGKILL. */
  kill(process: Process): void {
    if (process.ended || process.dead) return;
    process.dead = true;
    this.#deaths.get(process)?.();
  }

  /** Calls `listener` when the process is killed. */
  onDeath(process: Process, listener: () => void): void {
    this.#deaths.set(process, listener);
  }

  /** Whether anybody could go on without time passing. */
  get isBusy(): boolean {
    return this.#parked.some(({ process }) => !process.dead);
  }

  /** Lets one of the waiting processes do its next call. */
  async step(): Promise<void> {
    this.#parked = this.#parked.filter(({ process }) => !process.dead);
    const [chosen] = this.#parked.splice(this.#choices.pick(this.#parked.length), 1);
    if (chosen) await this.#goOn(chosen);
  }

  /** Time passes to the next sleeper. False where nobody sleeps. */
  async wake(): Promise<boolean> {
    this.#sleepers = this.#sleepers.filter(({ process }) => !process.dead).toSorted((a, b) => a.due - b.due);
    const next = this.#sleepers.shift();
    if (!next) return false;
    this.now = Math.max(this.now, next.due);
    await this.#goOn(next);
    return true;
  }

  /** Of several calls at once, others are still to be let go. */
  #waits(process: Process): boolean {
    return [...this.#parked, ...this.#sleepers].some((waiting) => waiting.process === process);
  }

  /** Lets it run to its next outside call, or its end. */
  async #goOn({ process, resume }: Parked): Promise<void> {
    this.steps += 1;
    process.running = !process.ended;
    resume();
    do await settled();
    while (process.running && !process.dead && !this.#waits(process));
  }
}

/** Everything that follows without an outside call has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import type { Choices } from './choices.ts';

/** Something that runs by itself and can die at any of its steps: a function invocation or a booted VM. */
export class Process {
  readonly name: string;
  dead = false;
  /** Between two outside calls. */
  running = false;
  /** Of several calls at once one has failed, and nobody waits for the others any more. */
  ended = false;
  /** Outside calls and sleeps that are not over. */
  waiting = 0;

  constructor(name: string) {
    this.name = name;
  }
}

interface Parked {
  process: Process;
  goOn: () => void;
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
  /** Who is due first comes first; of two that are due at once, the one that fell asleep first. */
  #sleepers: Sleeper[] = [];
  readonly #deaths = new WeakMap<Process, () => void>();
  /** Milliseconds of true time. */
  now = Date.parse('2026-11-24T03:00:00.000Z');
  steps = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** Calls `goOn` when it is the process's turn. One that has died never gets it. */
  turn(process: Process, goOn: () => void): void {
    if (process.dead) return;
    process.running = false;
    process.waiting += 1;
    this.#parked.push({ process, goOn });
  }

  /** Calls `goOn` after `ms` milliseconds of true time. */
  sleep(process: Process, ms: number, goOn: () => void): void {
    if (process.dead) return;
    process.running = false;
    process.waiting += 1;
    const due = this.now + ms;
    const place = this.#sleepers.findLastIndex((sleeper) => sleeper.due <= due) + 1;
    this.#sleepers.splice(place, 0, { process, goOn, due });
  }

  /** Calls `event` at a later time, as its own step. */
  at(ms: number, event: () => void): void {
    const process = new Process('event');
    process.ended = true;
    this.sleep(process, ms, event);
  }

  /** The process ends between two of its steps, as by SIGKILL. */
  kill(process: Process): void {
    if (process.ended || process.dead) return;
    process.dead = true;
    this.#parked = this.#parked.filter((parked) => parked.process !== process);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.process !== process);
    this.#deaths.get(process)?.();
  }

  /** Calls `listener` when the process is killed. */
  onDeath(process: Process, listener: () => void): void {
    this.#deaths.set(process, listener);
  }

  /** Whether anybody could go on without time passing. */
  get isBusy(): boolean {
    return this.#parked.length > 0;
  }

  /** Nobody waits for anything. */
  get isIdle(): boolean {
    return this.#parked.length === 0 && this.#sleepers.length === 0;
  }

  /** Lets one of the waiting processes do its next call. */
  step(): Process | undefined {
    const [chosen] = this.#parked.splice(this.#choices.pick(this.#parked.length), 1);
    return chosen && this.#letGo(chosen);
  }

  /** Time passes to the next sleeper. Undefined where nobody sleeps. */
  wake(): Process | undefined {
    const next = this.#sleepers.shift();
    if (!next) return undefined;
    this.now = Math.max(this.now, next.due);
    return this.#letGo(next);
  }

  /** Resolves when the process has come to its next outside call, or its end. */
  async untilItWaits(process: Process): Promise<void> {
    let rounds = 0;
    do await settled(rounds++);
    while (process.running && !process.dead && process.waiting === 0);
  }

  #letGo({ process, goOn }: Parked): Process {
    this.steps += 1;
    process.waiting -= 1;
    process.running = !process.ended;
    goOn();
    return process;
  }
}

/** So often a process may go on by next ticks alone; after that it may be waiting for the event loop itself. */
const MAX_TICKS = 100;

/**
 * Everything that follows without an outside call has happened. To be called from a microtask: Node starts the next tick only when
 * no microtask is left, and that is many times faster than a turn of its event loop.
 */
export function settled(rounds: number): Promise<void> {
  return new Promise((resolve) => {
    if (rounds < MAX_TICKS) process.nextTick(resolve);
    else setImmediate(resolve);
  });
}

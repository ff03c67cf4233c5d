import { setTimeout as realSleep } from 'node:timers/promises';
import type { CloudClock } from '../../core/clock.ts';
import type { PoweredOffBy, Vm } from '../vm-host.ts';
import { killAll, processesOf, signal } from './boot-processes.ts';
import type { Leader } from './leader.ts';
import type { GuestPower } from './power-control.ts';

/** systemd waits this long for its services when the guest itself shuts down (DefaultTimeoutStopSec). */
const GUEST_WINDOW_MS = 90_000;
/** As systemd does, the guest's `shutdown` answers before the shutdown begins, and so is not itself ended by it. */
const BEGIN_MS = 100;
const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 200;

export interface ProcessVmParts {
  leader: Leader;
  clock: CloudClock;
  /** Writes a line on the console. */
  log(line: string): void;
  /** Clears up after the machine, before it counts as off. */
  whenOff(): Promise<void>;
}

/** A machine that is on: the processes of one boot. */
export class ProcessVm implements Vm, GuestPower {
  readonly off: Promise<PoweredOffBy>;
  readonly #parts: ProcessVmParts;
  #shutdown: Promise<void> | undefined;
  /** Who switches it off; the guest, unless the host has begun to. */
  #by: PoweredOffBy = 'guest';
  #cancelTimer = () => {};

  constructor(parts: ProcessVmParts) {
    this.#parts = parts;
    this.off = parts.leader.exited.then(() => this.#end());
  }

  /** Lets the startup script run. */
  powerOn(): void {
    this.#parts.leader.go();
  }

  shutDown(windowMs: number): Promise<void> {
    return this.#shutDown(windowMs, 'host');
  }

  async kill(): Promise<void> {
    if (!this.#shutdown) this.#by = 'host';
    await killAll(this.#parts.leader.boot);
    await this.off;
  }

  schedule(minutes: number): void {
    this.cancel();
    this.#cancelTimer = this.#parts.clock.after(minutes * 60_000 + BEGIN_MS, () => {
      this.#shutDown(GUEST_WINDOW_MS, 'guest').catch((error: unknown) => this.#parts.log(String(error)));
    });
  }

  cancel(): void {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
  }

  /** A shutdown under way goes on as it began, whoever asks for another. */
  #shutDown(windowMs: number, by: PoweredOffBy): Promise<void> {
    if (!this.#shutdown) {
      this.#by = by;
      this.#shutdown = this.#stopJobs(windowMs).then(() => this.kill());
    }
    return this.#shutdown;
  }

  /** SIGTERM to everything but the first process, then waits until all has ended or the window is over. */
  async #stopJobs(windowMs: number): Promise<void> {
    for (const { pid } of await this.#jobs()) signal(pid, 'SIGTERM');
    let isOver = false;
    const cancel = this.#parts.clock.after(windowMs, () => {
      isOver = true;
    });
    for (let pause = FIRST_PAUSE_MS; !isOver; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
      if ((await this.#jobs()).length === 0) break;
      await realSleep(pause);
    }
    if (isOver) this.#parts.log(`the shutdown window of ${windowMs / 1000} s is over: the power is cut`);
    cancel();
  }

  async #jobs() {
    return (await processesOf(this.#parts.leader.boot)).filter(
      ({ pid }) => pid !== this.#parts.leader.boot.leader,
    );
  }

  /** The first process has ended, for whatever reason: a machine without it is off. */
  async #end(): Promise<PoweredOffBy> {
    this.cancel();
    const report = (error: unknown) => this.#parts.log(String(error));
    await killAll(this.#parts.leader.boot).catch(report);
    await this.#parts.whenOff().catch(report);
    return this.#by;
  }
}

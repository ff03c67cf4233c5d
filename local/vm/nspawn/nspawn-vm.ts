import { setTimeout as realSleep } from 'node:timers/promises';
import type { CloudClock } from '../../core/clock.ts';
import type { PoweredOffBy, Vm } from '../vm-host.ts';
import type { MachineProcess } from './machine-process.ts';

/** systemd-nspawn's exit status where the machine asked for a reboot. */
const REBOOT = 133;
/** A machine that is only just booting does not hear the first request. */
const ASK_AGAIN_MS = 500;

export interface NspawnVmParts {
  /** Powers the machine on, at first and after each reboot. */
  start(): MachineProcess;
  clock: CloudClock;
  /** Writes a line on the console. */
  log(line: string): void;
  /** Clears up after the machine, before it counts as off. */
  whenOff(): Promise<void>;
}

/** A machine that is on. A reboot of its own is no power-off. */
export class NspawnVm implements Vm {
  readonly off: Promise<PoweredOffBy>;
  readonly #parts: NspawnVmParts;
  #machine: MachineProcess;
  #by: PoweredOffBy = 'guest';
  #isGoingOff = false;
  #isOff = false;

  constructor(parts: NspawnVmParts) {
    this.#parts = parts;
    this.#machine = parts.start();
    this.off = this.#untilOff();
  }

  async shutDown(windowMs: number): Promise<void> {
    this.#goOff();
    const cancel = this.#parts.clock.after(windowMs, () => {
      this.#parts.log(`the shutdown window of ${windowMs / 1000} s is over: the power is cut`);
      void this.kill();
    });
    while (!this.#isOff) {
      await this.#machine.askToPowerOff();
      await Promise.race([this.off, realSleep(ASK_AGAIN_MS)]);
    }
    cancel();
  }

  async kill(): Promise<void> {
    this.#goOff();
    await this.#machine.kill();
    await this.off;
  }

  #goOff(): void {
    if (!this.#isGoingOff) this.#by = 'host';
    this.#isGoingOff = true;
  }

  async #untilOff(): Promise<PoweredOffBy> {
    let status = await this.#machine.ended;
    while (status === REBOOT && !this.#isGoingOff) {
      this.#machine = this.#parts.start();
      status = await this.#machine.ended;
    }
    const isOrderly = status === 0 || status === REBOOT || this.#isGoingOff;
    if (!isOrderly) this.#parts.log(`systemd-nspawn ended with exit status ${status}`);
    await this.#parts.whenOff().catch((error: unknown) => this.#parts.log(String(error)));
    this.#isOff = true;
    return this.#by;
  }
}

import { setImmediate as nextTick } from 'node:timers/promises';
import type { MetadataSource } from '../../metadata/source.ts';
import type { PoweredOffBy, Vm, VmHost } from '../../vm/vm-host.ts';

/** A machine without a guest: it is on until somebody turns it off. */
export class IdleVm implements Vm {
  readonly metadata: MetadataSource;
  readonly off: Promise<PoweredOffBy>;
  readonly windows: number[] = [];
  isOn = true;
  /** Does not follow a shutdown, only a cut of the power. */
  isStubborn = false;
  readonly #turnOff: (by: PoweredOffBy) => void;

  constructor(metadata: MetadataSource) {
    this.metadata = metadata;
    const { promise, resolve } = Promise.withResolvers<PoweredOffBy>();
    this.off = promise;
    this.#turnOff = resolve;
  }

  async shutDown(windowMs: number): Promise<void> {
    this.windows.push(windowMs);
    if (!this.isStubborn) await this.kill();
    await this.off;
  }

  async kill(): Promise<void> {
    this.turnOff('host');
    await this.off;
  }

  turnOff(by: PoweredOffBy): void {
    this.isOn = false;
    this.#turnOff(by);
  }
}

/** A VM host without processes, for tests of what is around it. */
export class IdleVms implements VmHost {
  readonly booted: IdleVm[] = [];
  /** Boots fail with this, if set. */
  failure: Error | undefined;

  async boot(_instance: string, metadata: MetadataSource): Promise<Vm> {
    if (this.failure) throw this.failure;
    // A moment, in which other things may happen to the instance.
    await nextTick();
    const vm = new IdleVm(metadata);
    this.booted.push(vm);
    return vm;
  }

  get last(): IdleVm {
    const vm = this.booted.at(-1);
    if (!vm) throw new Error('No machine has been booted.');
    return vm;
  }

  get on(): IdleVm[] {
    return this.booted.filter((vm) => vm.isOn);
  }

  serialLog(instance: string): string {
    return `/nonexistent/${instance}`;
  }

  async discard(): Promise<void> {}

  async close(): Promise<void> {}
}

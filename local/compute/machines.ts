import type { MetadataSource } from '../metadata/source.ts';
import type { Hardware, Vm, VmHost } from '../vm/vm-host.ts';
import type { Instance } from './instance.ts';
import { machineType } from './machine-types.ts';

/** A machine's name at the VM host: instances of two zones may share theirs. */
export function machineName(instance: Instance): string {
  return `${instance.name}.${instance.zone}`;
}

/** The machines that are on, by their instance. */
export class Machines {
  readonly #vms: VmHost;
  readonly #metadataOf: (instance: Instance) => MetadataSource;
  readonly #on = new Map<string, Vm>();

  constructor(vms: VmHost, metadataOf: (instance: Instance) => MetadataSource) {
    this.#vms = vms;
    this.#metadataOf = metadataOf;
  }

  isOn(instance: Instance): boolean {
    return this.#on.has(instance.id);
  }

  /** Calls `whenGuestTurnsOff` if the guest, not the host, ends what begins here. */
  async turnOn(instance: Instance, whenGuestTurnsOff: () => void): Promise<void> {
    const metadata = this.#metadataOf(instance);
    const vm = await this.#vms.boot(machineName(instance), metadata, hardwareOf(instance));
    this.#on.set(instance.id, vm);
    vm.off.then((by) => {
      this.#on.delete(instance.id);
      if (by === 'guest') whenGuestTurnsOff();
    });
  }

  async shutDown(instance: Instance, windowMs: number): Promise<void> {
    await this.#on.get(instance.id)?.shutDown(windowMs);
  }

  async kill(instance: Instance): Promise<void> {
    await this.#on.get(instance.id)?.kill();
  }

  discard(instance: Instance): Promise<void> {
    return this.#vms.discard(machineName(instance));
  }
}

function hardwareOf(instance: Instance): Hardware {
  const memoryMb = machineType(instance.machineType)?.memoryMb ?? 0;
  return { memoryBytes: memoryMb * 2 ** 20, diskBytes: Number(instance.diskSizeGb) * 2 ** 30 };
}

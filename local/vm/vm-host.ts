import type { MetadataSource } from '../metadata/source.ts';

/** Who switched a VM off: the guest itself (`shutdown`, a crash), or the host (`shutDown`, `kill`). */
export type PoweredOffBy = 'guest' | 'host';

/** A machine that is on. */
export interface Vm {
  /** Resolves once nothing of the machine runs any more. Never rejects. */
  readonly off: Promise<PoweredOffBy>;
  /** Asks the guest to shut down, and cuts the power after `windowMs` of cloud time. Resolves when it is off. */
  shutDown(windowMs: number): Promise<void>;
  /** Cuts the power at once. Resolves when it is off. */
  kill(): Promise<void>;
}

/** What runs the machines behind Compute Engine's API. Machines are named by their instance. */
export interface VmHost {
  /** Boots the instance's machine with the disk of its last boot; the guest reads `metadata`. */
  boot(instance: string, metadata: MetadataSource): Promise<Vm>;
  /** The file that everything on the instance's serial port is appended to; absent before the first boot. */
  serialLog(instance: string): string;
  /** Deletes the instance's disk and serial log. The machine is off. */
  discard(instance: string): Promise<void>;
  /** Cuts the power of every machine. */
  close(): Promise<void>;
}

import type { ServiceContext } from '../http/service.ts';
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

/** What a machine has, as far as its host can give it. */
export interface Hardware {
  /** 0 where the machine type does not tell. */
  memoryBytes: number;
  diskBytes: number;
}

/** What runs the machines behind Compute Engine's API. Machines are named by their instance. */
export interface VmHost {
  /** Boots the instance's machine with the disk of its last boot; the guest reads `metadata`. */
  boot(instance: string, metadata: MetadataSource, hardware: Hardware): Promise<Vm>;
  /** The file that everything on the instance's serial port is appended to; absent before the first boot. */
  serialLog(instance: string): string;
  /** Deletes the instance's disk and serial log. The machine is off. */
  discard(instance: string): Promise<void>;
  /** Cuts the power of every machine. */
  close(): Promise<void>;
}

/** What every VM host is made from. */
export interface VmHostParts {
  /** Holds a folder per instance; no other VM host may use it at the same time. */
  directory: string;
  context: ServiceContext;
  /** The search path of this computer. */
  path: string;
  /** Endpoint variables of the other services (`STORAGE_EMULATOR_HOST` and so on), asked at every boot. */
  endpoints: () => Record<string, string>;
  /** Process mode: the variable that tells a startup script where its disk is; LOCAL_VM_DISK unless given. */
  diskVariable?: string;
  /** Every boot gets an empty disk. */
  freshDisk?: boolean;
}

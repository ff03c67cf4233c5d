import type { Config } from '../shared/config/schema.ts';
import type { Endpoints } from './endpoints.ts';
import type { VmHost, VmHostParts } from './vm/vm-host.ts';

export interface CloudOptions {
  /** Everything that outlives the process is here. One cloud at a time. */
  stateDir: string;
  /** Port of the first service; the others follow. 0: any free ports. */
  portBase: number;
  config: Config;
  /** Holds a folder per function with its bundle. */
  functionsDir: string;
  /** What the VM runs at boot. */
  startupScript: string;
  /** Every boot of the VM gets an empty disk. */
  freshDisk?: boolean;
  /** An empty project: nothing of what `vicinity deploy` makes is there. */
  empty?: boolean;
  /** Permissions are enforced. */
  iam?: boolean;
  /** Other people's programs in place of our services: their addresses. Whoever starts them furnishes them, too. */
  substitutes?: Partial<Endpoints>;
  /** Makes what runs the VM; process mode unless told. */
  vmHost?: (parts: VmHostParts) => Promise<VmHost>;
  /** Search path of the VM and the functions; the host's unless told. */
  path?: string;
}

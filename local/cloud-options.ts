import { type Endpoints, googleVariables } from './endpoints.ts';
import type { Revision } from './functions/revision.ts';
import { DEFAULT_WORKSPACE, type Workspace } from './slack/workspace.ts';
import { createProcessVmHost } from './vm/process/process-vm-host.ts';
import type { VmHost, VmHostParts } from './vm/vm-host.ts';

export interface CloudOptions {
  /** Holds everything that outlives the process. Only one cloud at a time may use it. */
  stateDir: string;
  /** Port of the first service; the others follow in the order of SERVICES. 0: any free ports. */
  portBase: number;
  /** ID of the only project. */
  project: string;
  /** Functions that are served without being deployed. */
  revisions?: Revision[];
  slack?: Workspace;
  /** Permissions are enforced. */
  iam?: boolean;
  /** The variables that point functions and VMs at the services; those that Google's own clients read unless given. */
  variables?: (endpoints: Endpoints) => Record<string, string>;
  /** Addresses of other programs that replace services of ours. Whoever starts them also sets them up. */
  substitutes?: Partial<Endpoints>;
  /** Makes the host that runs the VMs; process mode unless given. */
  vmHost?: (parts: VmHostParts) => Promise<VmHost>;
  /** Process mode: the variable that tells a startup script where its disk is. */
  diskVariable?: string;
  /** Every boot of a VM gets an empty disk. */
  freshDisk?: boolean;
  /** Search path of VMs and functions; this process's own unless given. */
  path?: string;
}

/** The options with their defaults. */
export type Settings = CloudOptions &
  Required<Pick<CloudOptions, 'revisions' | 'slack' | 'iam' | 'variables' | 'vmHost' | 'path'>>;

export function withDefaults(options: CloudOptions): Settings {
  return {
    revisions: [],
    slack: DEFAULT_WORKSPACE,
    iam: false,
    variables: googleVariables,
    vmHost: createProcessVmHost,
    path: process.env.PATH ?? '',
    ...options,
  };
}

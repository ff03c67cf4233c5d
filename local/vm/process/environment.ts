import { metadataVariables } from '../../metadata/variables.ts';
import type { MachineFolder } from './machine-folder.ts';

export interface GuestAddresses {
  /** host:port of this machine's metadata server. */
  metadataHost: string;
  /** URL of this boot at the power control: what the shims call, and the marker of the boot's processes. */
  power: string;
}

/**
 * The whole environment of a startup script in process mode: nothing of the host's is passed on but the search path, so
 * that no secret of the user's shell gets into a job, its log or its results.
 */
export function guestEnvironment(
  folder: MachineFolder,
  { metadataHost, power }: GuestAddresses,
  consoleStart: number,
  hostPath: string,
  variables: Record<string, string>,
  diskVariable: string,
): Record<string, string> {
  return {
    PATH: `${folder.shims}:${hostPath}:${folder.standIns}`,
    LANG: 'C.UTF-8',
    HOME: folder.home,
    TMPDIR: folder.tmp,
    CURL_HOME: folder.curlHome,
    CLOUDSDK_CONFIG: `${folder.home}/gcloud`,
    ...variables,
    ...metadataVariables(metadataHost),
    [diskVariable]: folder.disk,
    LOCAL_VM_POWER: power,
    LOCAL_VM_CONSOLE: folder.serialLog,
    LOCAL_VM_CONSOLE_START: String(consoleStart),
  };
}

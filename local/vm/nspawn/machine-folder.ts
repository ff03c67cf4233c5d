import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of one nspawn machine. */
export interface MachineFolder {
  root: string;
  /** A file system of the instance's disk size, with what the machine has changed of its image. Outlives a boot. */
  disk: string;
  serialLog: string;
  /** What the startup script's service finds in its environment, as systemd's EnvironmentFile. */
  environment: string;
  /** Of the machine's network namespaces and control groups: the same at each boot, and no other folder's. */
  name: string;
}

export function machineFolder(directory: string, instance: string): MachineFolder {
  const root = join(directory, instance);
  return {
    root,
    disk: join(root, 'disk.img'),
    serialLog: join(root, 'serial.log'),
    environment: join(root, 'environment'),
    name: `gcp-local-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`,
  };
}

export function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { removeGroups } from './cgroups.ts';
import { machineFolder } from './machine-folder.ts';
import { removeNetwork } from './network.ts';

/** Removes what machines below `directory` left when their local cloud was killed: the kernel has ended their processes. */
export async function sweepNspawnLeftovers(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  for (const instance of await readdir(directory)) {
    const { name } = machineFolder(directory, instance);
    await removeGroups(name);
    await removeNetwork(name);
  }
}

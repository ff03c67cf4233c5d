import { join } from 'node:path';
import type { VmHost, VmHostParts } from '../vm-host.ts';
import { cacheDirectory, forgetUnused } from './cache.ts';
import { checkNspawn } from './host.ts';
import { readyImage } from './image.ts';
import { createNspawnVmHost } from './nspawn-vm-host.ts';
import { packageHosts } from './package-hosts.ts';
import { createPackageProxy } from './package-proxy.ts';

export interface NspawnModeOptions {
  /** Told what takes long. */
  progress(text: string): void;
  /** Files of this computer that machines may read and write: PATH, or PATH:PATH-IN-THE-MACHINE. */
  shared?: string[];
}

/** Google's script runner logs there where it can, and goes on where it cannot. */
const UNASKED = 'logging.googleapis.com';

/**
 * Readies nspawn mode on this computer, and returns what makes its VM host. Throws InvalidError, with the remedy, where it
 * cannot be had.
 */
export async function readyNspawnMode({
  progress,
  shared = [],
}: NspawnModeOptions): Promise<(parts: VmHostParts) => Promise<VmHost>> {
  checkNspawn();
  const image = await readyImage(progress);
  const packages = join(cacheDirectory(), 'packages');
  await forgetUnused(packages);
  const packageProxy = createPackageProxy({
    allowed: await packageHosts(image),
    cacheDirectory: packages,
    onRefused: notifyOnce(progress),
  });
  return (parts) => createNspawnVmHost(parts, { image, packageProxy, shared });
}

function notifyOnce(tell: (text: string) => void): (host: string) => void {
  const told = new Set([UNASKED]);
  return (host) => {
    if (!told.has(host))
      tell(`The VM asked for ${host}, which it may not reach. To allow that: VICINITY_VM_ALLOW=${host}`);
    told.add(host);
  };
}

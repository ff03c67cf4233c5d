import { join } from 'node:path';
import type { VmHost, VmHostParts } from '../vm-host.ts';
import { cacheDirectory, forgetUnused } from './cache.ts';
import { checkNspawn } from './host.ts';
import { readyImage } from './image.ts';
import { createNspawnVmHost } from './nspawn-vm-host.ts';
import { packageHosts } from './package-hosts.ts';
import { createPackageProxy } from './package-proxy.ts';

export interface NspawnModeOptions {
  /** Called with the progress of what takes long, as text for a person. */
  progress(text: string): void;
  /** Hosts that machines may reach, besides those of this computer's apt and pip. */
  allowedHosts?: string[];
  /** How a person allows a host, as a sentence: it follows the refusal. */
  howToAllow?(host: string): string;
  /** Files of this computer that machines may read and write: PATH, or PATH:PATH-IN-THE-MACHINE. */
  shared?: string[];
}

/** Google's script runner logs there where it can, and continues where it cannot. */
const EXPECTED_REFUSAL = 'logging.googleapis.com';

/** Prepares nspawn mode on this computer and returns the factory of its VM host. Throws UnsupportedHostError. */
export async function readyNspawnMode({
  progress,
  allowedHosts = [],
  howToAllow = () => '',
  shared = [],
}: NspawnModeOptions): Promise<(parts: VmHostParts) => Promise<VmHost>> {
  checkNspawn();
  const image = await readyImage(progress);
  const packages = join(cacheDirectory(), 'packages');
  await forgetUnused(packages);
  const packageProxy = createPackageProxy({
    allowed: new Set([...(await packageHosts(image)), ...allowedHosts]),
    cacheDirectory: packages,
    howToAllow,
    onRefused: reportOnce((host) =>
      progress(`The VM tried to reach ${host}, which is not allowed. ${howToAllow(host)}`),
    ),
  });
  return (parts) => createNspawnVmHost(parts, { image, packageProxy, shared });
}

function reportOnce(report: (host: string) => void): (host: string) => void {
  const reported = new Set([EXPECTED_REFUSAL]);
  return (host) => {
    if (!reported.has(host)) report(host);
    reported.add(host);
  };
}

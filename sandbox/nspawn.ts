import { type NspawnModeOptions, readyNspawnMode } from '../local/vm/nspawn/nspawn-mode.ts';

/** Prepares nspawn mode for the hosts in VICINITY_VM_ALLOW (names separated by commas). */
export function nspawnMode(
  options: Pick<NspawnModeOptions, 'progress' | 'shared'>,
  env: Record<string, string | undefined> = process.env,
): ReturnType<typeof readyNspawnMode> {
  return readyNspawnMode({
    ...options,
    allowedHosts: allowedHosts(env),
    howToAllow: (host) => `To allow it, start the local cloud with VICINITY_VM_ALLOW=${host}.`,
  });
}

export function allowedHosts(env: Record<string, string | undefined>): string[] {
  const hosts = (env.VICINITY_VM_ALLOW ?? '').split(',').map((name) => name.trim());
  return hosts.filter((name) => name !== '');
}

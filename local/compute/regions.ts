import { isStopped } from './instance.ts';
import type { InstanceStore } from './instance-store.ts';
import { projectLink } from './links.ts';
import { machineType } from './machine-types.ts';

/** Limits of a project that nobody has raised. Those of newer machine families are not told here, at Compute Engine neither. */
const LIMITS = { CPUS: 72, INSTANCES: 720, IN_USE_ADDRESSES: 69, HDB_TOTAL_GB: 100_000 };

/** A region with its quotas (https://cloud.google.com/compute/docs/reference/rest/v1/regions). */
export function regionView(name: string, store: InstanceStore): object {
  const here = store.list().filter(({ zone }) => zone.startsWith(`${name}-`));
  const on = here.filter((instance) => !isStopped(instance));
  const usage: Record<string, number> = {
    CPUS: on.reduce((sum, instance) => sum + (machineType(instance.machineType)?.guestCpus ?? 0), 0),
    INSTANCES: here.length,
    IN_USE_ADDRESSES: on.length,
    HDB_TOTAL_GB: here.reduce((sum, { diskSizeGb }) => sum + Number(diskSizeGb), 0),
  };
  return {
    kind: 'compute#region',
    name,
    description: name,
    status: 'UP',
    selfLink: `${projectLink(store.project)}/regions/${name}`,
    quotas: Object.entries(LIMITS).map(([metric, limit]) => ({ metric, limit, usage: usage[metric] ?? 0 })),
    supportsPzs: false,
  };
}

import { PROJECT_NUMBER, projectFacts } from '../core/project.ts';
import { DEFAULT_COMPUTE_ACCOUNT } from '../iam/accounts.ts';
import type { MetadataFacts, ServiceAccountFacts } from '../metadata/source.ts';
import { cpuPlatform } from './cpu-platform.ts';
import type { Instance } from './instance.ts';

/** The account of an instance that names none, as on Compute Engine. */
export const DEFAULT_SERVICE_ACCOUNT: ServiceAccountFacts = {
  email: DEFAULT_COMPUTE_ACCOUNT,
  scopes: ['https://www.googleapis.com/auth/cloud-platform'],
};

/** What an instance's metadata server tells its guest. */
export function guestFacts(instance: Instance, projectId: string): MetadataFacts {
  const { name, zone, scheduling } = instance;
  return {
    project: projectFacts(projectId),
    serviceAccount: instance.serviceAccounts[0] ?? DEFAULT_SERVICE_ACCOUNT,
    instance: {
      id: instance.id,
      name,
      hostname: `${name}.${zone}.c.${projectId}.internal`,
      zone,
      machineType: instance.machineType,
      cpuPlatform: cpuPlatform(instance.machineType),
      preempted: instance.preempted,
      maintenanceEvent: 'NONE',
      scheduling,
      tags: instance.tags,
      attributes: Object.fromEntries(instance.metadata.map(({ key, value }) => [key, value])),
      disks: [{ deviceName: name, mode: 'READ_WRITE', type: 'PERSISTENT-BALANCED' }],
      networkInterfaces: [
        { ip: '127.0.0.1', mac: '42:01:7f:00:00:01', network: `projects/${PROJECT_NUMBER}/networks/default` },
      ],
    },
  };
}

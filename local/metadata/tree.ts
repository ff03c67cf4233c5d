import { type Directory, directory, type Entry, jsonLeaf, leaf, lines, list, verbatim } from './entry.ts';
import type { InstanceFacts, MetadataFacts, ProjectFacts, ServiceAccountFacts } from './source.ts';
import { accessToken } from './token.ts';

/**
 * Everything below `/computeMetadata/v1/`
 * (https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys).
 */
export function metadataTree({ project, serviceAccount, instance }: MetadataFacts): Directory {
  return directory({
    instance: directory({
      ...(instance && instanceEntries(instance, project)),
      'service-accounts': verbatim({
        [serviceAccount.email]: serviceAccountEntry(serviceAccount),
        default: serviceAccountEntry(serviceAccount),
      }),
    }),
    project: directory({
      attributes: attributes(project.attributes),
      'numeric-project-id': leaf(project.numericProjectId, Number(project.numericProjectId)),
      'project-id': leaf(project.projectId),
    }),
    universe: directory({ 'universe-domain': leaf('googleapis.com') }),
  });
}

function instanceEntries(instance: InstanceFacts, project: ProjectFacts): Record<string, Entry> {
  const { scheduling } = instance;
  const inProject = `projects/${project.numericProjectId}`;
  return {
    attributes: attributes(instance.attributes),
    'cpu-platform': leaf(instance.cpuPlatform),
    disks: list(instance.disks.map(diskEntry)),
    hostname: leaf(instance.hostname),
    id: leaf(instance.id, Number(instance.id)),
    'machine-type': leaf(`${inProject}/machineTypes/${instance.machineType}`),
    'maintenance-event': leaf(instance.maintenanceEvent),
    name: leaf(instance.name),
    'network-interfaces': list(instance.networkInterfaces.map(networkInterfaceEntry)),
    preempted: leaf(upper(instance.preempted)),
    scheduling: directory({
      'automatic-restart': leaf(upper(scheduling.automaticRestart)),
      'on-host-maintenance': leaf(scheduling.onHostMaintenance),
      preemptible: leaf(upper(scheduling.preemptible)),
    }),
    tags: jsonLeaf(instance.tags),
    zone: leaf(`${inProject}/zones/${instance.zone}`),
  };
}

function diskEntry(disk: InstanceFacts['disks'][number], index: number): Entry {
  return directory({
    'device-name': leaf(disk.deviceName),
    index: leaf(String(index), index),
    mode: leaf(disk.mode),
    type: leaf(disk.type),
  });
}

function networkInterfaceEntry(nic: InstanceFacts['networkInterfaces'][number]): Entry {
  return directory({ ip: leaf(nic.ip), mac: leaf(nic.mac), network: leaf(nic.network) });
}

function serviceAccountEntry(account: ServiceAccountFacts): Entry {
  return directory({
    aliases: lines(['default']),
    email: leaf(account.email),
    identity: { ...leaf(''), secret: true },
    scopes: lines(account.scopes),
    token: { ...jsonLeaf(accessToken(account.email)), secret: true },
  });
}

function attributes(values: Record<string, string>): Directory {
  return verbatim(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, leaf(value)])));
}

const upper = (value: boolean) => (value ? 'TRUE' : 'FALSE');

import { createHash } from 'node:crypto';
import { PROJECT_NUMBER } from '../core/project.ts';
import { cpuPlatform } from './cpu-platform.ts';
import { DEFAULT_SERVICE_ACCOUNT } from './guest-facts.ts';
import type { Image } from './image-store.ts';
import { type Instance, isStopped } from './instance.ts';
import { globalLink, link, projectLink, regionOf, zoneLink } from './links.ts';
import type { MachineType } from './machine-types.ts';
import { fingerprint } from './metadata-limits.ts';
import type { Operation } from './operations.ts';

/** What Compute Engine shows as the birth of things that were always there. */
const LONG_AGO = '1969-12-31T16:00:00.000-08:00';

/** An instance as the API shows it (https://cloud.google.com/compute/docs/reference/rest/v1/instances). */
export function instanceView(instance: Instance, project: string): object {
  const { id, name, zone, status, scheduling, labels, terminationTimestamp } = instance;
  const optional = ['statusMessage', 'lastStartTimestamp', 'lastStopTimestamp'] as const;
  return {
    kind: 'compute#instance',
    id,
    name,
    description: instance.description,
    zone: zoneLink(project, zone),
    selfLink: link(project, zone, 'instances', name),
    machineType: link(project, zone, 'machineTypes', instance.machineType),
    status,
    ...Object.fromEntries(optional.flatMap((key) => (instance[key] ? [[key, instance[key]]] : []))),
    creationTimestamp: instance.creationTimestamp,
    cpuPlatform: isStopped(instance) ? 'Unknown CPU Platform' : cpuPlatform(instance.machineType),
    metadata: {
      kind: 'compute#metadata',
      fingerprint: fingerprint(instance.metadata),
      items: instance.metadata,
    },
    labels,
    labelFingerprint: fingerprint(labels),
    tags: { items: instance.tags, fingerprint: fingerprint(instance.tags) },
    scheduling,
    resourceStatus: { scheduling: terminationTimestamp ? { terminationTimestamp } : {} },
    serviceAccounts: instance.serviceAccounts,
    disks: [attachedDisk(instance, project)],
    networkInterfaces: [networkInterface(instance, project)],
    canIpForward: false,
    deletionProtection: false,
    startRestricted: false,
    fingerprint: fingerprint([id, status]),
  };
}

/** The one disk of an instance, as a resource of its own. */
export function diskView(instance: Instance, project: string): object {
  const { zone, name } = instance;
  return {
    kind: 'compute#disk',
    id: `5${instance.id.slice(1)}`,
    name,
    zone: zoneLink(project, zone),
    selfLink: link(project, zone, 'disks', name),
    sizeGb: instance.diskSizeGb,
    status: 'READY',
    type: link(project, zone, 'diskTypes', 'hyperdisk-balanced'),
    users: [link(project, zone, 'instances', name)],
    creationTimestamp: instance.creationTimestamp,
    labelFingerprint: fingerprint({}),
  };
}

export function operationView(operation: Operation, project: string): object {
  const { id, name, zone, operationType, status, user, insertTime, endTime, error, target } = operation;
  return {
    kind: 'compute#operation',
    id,
    name,
    ...(zone && { zone: zoneLink(project, zone) }),
    selfLink: zone ? link(project, zone, 'operations', name) : globalLink(project, 'operations', name),
    operationType,
    targetLink: zone ? link(project, zone, 'instances', target) : globalLink(project, 'images', target),
    targetId: operation.targetId,
    status,
    user,
    progress: status === 'DONE' ? 100 : 0,
    insertTime,
    startTime: insertTime,
    ...(endTime && { endTime }),
    ...(error && {
      error: { errors: [error] },
      httpErrorStatusCode: 503,
      httpErrorMessage: 'SERVICE UNAVAILABLE',
    }),
  };
}

/** https://cloud.google.com/compute/docs/reference/rest/v1/images */
export function imageView(image: Image, project: string): object {
  const { sourceZone, sourceDisk, ...shown } = image;
  return {
    kind: 'compute#image',
    ...shown,
    selfLink: globalLink(project, 'images', image.name),
    sourceDisk: link(project, sourceZone, 'disks', sourceDisk),
    sourceType: 'RAW',
    architecture: 'X86_64',
    archiveSizeBytes: '0',
    labelFingerprint: fingerprint(image.labels),
  };
}

export function machineTypeView(type: MachineType, project: string, zone: string): object {
  return {
    kind: 'compute#machineType',
    id: String(Number.parseInt(hash(type.name).slice(0, 10), 16)),
    ...type,
    description: `${type.guestCpus} vCPUs, ${type.memoryMb / 1024} GB RAM`,
    maximumPersistentDisks: 128,
    maximumPersistentDisksSizeGb: '263168',
    architecture: 'X86_64',
    zone,
    creationTimestamp: LONG_AGO,
    selfLink: link(project, zone, 'machineTypes', type.name),
  };
}

export function projectView(project: string): object {
  return {
    kind: 'compute#project',
    id: PROJECT_NUMBER,
    name: project,
    selfLink: projectLink(project),
    commonInstanceMetadata: { kind: 'compute#metadata', fingerprint: fingerprint([]), items: [] },
    defaultServiceAccount: DEFAULT_SERVICE_ACCOUNT.email,
    creationTimestamp: LONG_AGO,
  };
}

export function zoneView(zone: string, project: string): object {
  return {
    kind: 'compute#zone',
    id: String(Number.parseInt(hash(zone).slice(0, 10), 16)),
    name: zone,
    description: zone,
    status: 'UP',
    region: `${projectLink(project)}/regions/${regionOf(zone)}`,
    selfLink: zoneLink(project, zone),
    supportsPzs: false,
    creationTimestamp: LONG_AGO,
  };
}

function attachedDisk(instance: Instance, project: string): object {
  return {
    kind: 'compute#attachedDisk',
    type: 'PERSISTENT',
    mode: 'READ_WRITE',
    source: link(project, instance.zone, 'disks', instance.name),
    deviceName: instance.name,
    index: 0,
    boot: true,
    autoDelete: true,
    interface: 'NVME',
    diskSizeGb: instance.diskSizeGb,
  };
}

function networkInterface(instance: Instance, project: string): object {
  const region = regionOf(instance.zone);
  return {
    kind: 'compute#networkInterface',
    name: 'nic0',
    network: `${projectLink(project)}/global/networks/default`,
    subnetwork: `${projectLink(project)}/regions/${region}/subnetworks/default`,
    networkIP: '127.0.0.1',
    stackType: 'IPV4_ONLY',
    fingerprint: fingerprint(instance.id),
  };
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

import type { CloudClock } from '../core/clock.ts';
import { invalid } from '../http/api-error.ts';
import type { Instance } from './instance.ts';
import { lastSegment } from './links.ts';
import { machineType } from './machine-types.ts';
import { checkedMetadata } from './metadata-limits.ts';
import { checkedScheduling, type SchedulingBody } from './scheduling.ts';

/** What `instances.insert` takes; other fields of the API are accepted and forgotten. */
export interface InstanceBody {
  name?: string;
  machineType?: string;
  description?: string;
  metadata?: { items?: { key?: string; value?: string }[] };
  labels?: Record<string, string>;
  tags?: { items?: string[] };
  scheduling?: SchedulingBody;
  serviceAccounts?: { email: string; scopes: string[] }[];
  disks?: DiskBody[];
  networkInterfaces?: NetworkInterfaceBody[];
}

export interface DiskBody {
  boot?: boolean;
  autoDelete?: boolean;
  source?: string;
  diskSizeGb?: string | number;
  initializeParams?: { sourceImage?: string; diskSizeGb?: string | number; diskType?: string };
}

export interface NetworkInterfaceBody {
  network?: string;
  subnetwork?: string;
  accessConfigs?: { type?: string; name?: string }[];
}

const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DEFAULT_DISK_GB = 10;

/** A stopped instance as a body asks for it. */
export function instanceFrom(body: InstanceBody, zone: string, clock: CloudClock): Omit<Instance, 'id'> {
  const { name = '', disks, tags } = body;
  if (!NAME.test(name))
    throw invalid(
      `Invalid value for field 'resource.name': '${name}'. Must be a match of regex '${NAME.source}'`,
    );
  return {
    name,
    zone,
    machineType: checkedMachineType(body.machineType, zone),
    description: body.description ?? '',
    status: 'TERMINATED',
    metadata: checkedMetadata(body.metadata?.items),
    labels: body.labels ?? {},
    tags: tags?.items ?? [],
    scheduling: checkedScheduling(body.scheduling),
    serviceAccounts: body.serviceAccounts ?? [],
    diskSizeGb: String(disks?.[0]?.initializeParams?.diskSizeGb ?? disks?.[0]?.diskSizeGb ?? DEFAULT_DISK_GB),
    creationTimestamp: clock.now().toISOString(),
    preempted: false,
  };
}

/** The bare name of a machine type that a body gives as a URL or a name. */
export function checkedMachineType(url: string | undefined, zone: string): string {
  const name = lastSegment(url, 'resource.machineType');
  if (machineType(name)) return name;
  throw invalid(
    `Invalid value for field 'resource.machineType': '${url}'. ` +
      `Machine type with name '${name}' does not exist in zone '${zone}'.`,
  );
}

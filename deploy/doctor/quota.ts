import { MachineTypesClient, RegionsClient } from '@google-cloud/compute';
import { computeOptions } from '../google/connection.ts';
import { ignoreNotFound, withDeadline } from '../google/with-deadline.ts';
import type { Finding } from '../verify/finding.ts';
import type { Check } from './checks.ts';

/** Whether the zone has the allowed machine types, and the region's quota lets the largest of them start. */
export const checkQuota: Check = async ({ connection, call: { config } }) => {
  const options = computeOptions(connection);
  const { project, zone } = config;
  const { region } = connection;
  const types = new MachineTypesClient(options);
  const regions = new RegionsClient(options);
  const [{ quotas }] = await withDeadline(`read region ${region}`, () => regions.get({ project, region }));
  const findings: Finding[] = [];
  for (const machineType of config.machineTypes) {
    const found = await ignoreNotFound(`read ${machineType}`, () =>
      types.get({ project, zone, machineType }),
    );
    const cpus = Number(found?.[0].guestCpus ?? 0);
    const quota = quotaOf(machineType, quotas ?? []);
    if (!found) findings.push(absent(machineType, zone));
    else if (quota && cpus > quota.limit - quota.usage)
      findings.push(tooSmall(machineType, cpus, quota, region));
  }
  return findings.length > 0
    ? findings
    : [{ subject: 'quota', fine: `allows ${config.machineTypes.join(', ')}` }];
};

interface Quota {
  metric: string;
  limit: number;
  usage: number;
}

/** Families that share the quota `CPUS`; the others have one of their own (https://cloud.google.com/compute/resource-usage#cpu_quota). */
const SHARED_QUOTA = ['e2', 'n1'];

/** Undefined where the region does not list it, as for the newest families: then only Cloud Quotas knows. */
function quotaOf(
  machineType: string,
  quotas: { metric?: unknown; limit?: unknown; usage?: unknown }[],
): Quota | undefined {
  const family = machineType.split('-')[0] ?? '';
  const metric = SHARED_QUOTA.includes(family) ? 'CPUS' : `${family.toUpperCase()}_CPUS`;
  const found = quotas.find((quota) => quota.metric === metric);
  return found && { metric, limit: Number(found.limit), usage: Number(found.usage ?? 0) };
}

function absent(machineType: string, zone: string): Finding {
  return {
    subject: machineType,
    problem: `is not offered in ${zone}`,
    remedy: `gcloud compute machine-types list --filter=name=${machineType}`,
  };
}

function tooSmall(
  machineType: string,
  cpus: number,
  { metric, limit, usage }: Quota,
  region: string,
): Finding {
  return {
    subject: machineType,
    problem: `needs ${cpus} CPUs, and quota ${metric} of ${region} leaves ${limit - usage} of ${limit}`,
    remedy: 'Ask for more: https://console.cloud.google.com/iam-admin/quotas',
  };
}

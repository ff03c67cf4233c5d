import { DisksClient, InstancesClient } from '@google-cloud/compute';
import { storageObjects } from '../../shared/google/storage-objects.ts';
import { describeBytes } from '../../shared/model/bytes.ts';
import { describeDollars, type IdleCost, idleCostPerMonth } from '../../shared/pricing/costs.ts';
import { DISK_TYPES, type DiskType } from '../../shared/pricing/disk-types.ts';
import { PRICE_TABLE } from '../../shared/pricing/price-table.ts';
import { computeOptions } from '../google/connection.ts';
import { withDeadline } from '../google/with-deadline.ts';
import type { Finding } from '../verify/finding.ts';
import type { Check, Patient } from './checks.ts';

/** Reports the monthly cost while nothing runs: the disk, the reserved address of vicinity.yaml, and the stored objects. */
export const checkIdleCost: Check = async (patient) => {
  const { config } = patient.call;
  const disk = await bootDisk(patient);
  const objects = await storageObjects(config.bucket, config.project).list({ prefix: '' });
  const storedBytes = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  const priced = disk && isPriced(disk.type) ? { type: disk.type, sizeGb: disk.sizeGb } : undefined;
  const { staticAddress } = config.vm;
  const cost = idleCostPerMonth({ disk: priced, staticAddress, storedBytes }, config.prices);
  return [finding(cost, disk, storedBytes)];
};

const CENT = 0.01;

interface Disk {
  type: string;
  sizeGb: number;
}

function finding(cost: IdleCost, disk: Disk | undefined, storedBytes: number): Finding {
  const parts = [
    ...(disk ? [`${describeDollars(cost.disk)} disk (${disk.sizeGb} GiB ${disk.type})`] : []),
    ...(cost.address > 0 ? [`${describeDollars(cost.address)} address`] : []),
    `${cost.storage < CENT ? 'under a cent' : describeDollars(cost.storage)} bucket (${describeBytes(storedBytes)})`,
  ];
  const unpriced = disk && !isPriced(disk.type) ? `; no price known for ${disk.type}` : '';
  return {
    subject: 'idle cost',
    fine: `${describeDollars(cost.total)} a month: ${parts.join(', ')}; list prices of ${PRICE_TABLE.region}, ${PRICE_TABLE.asOf}${unpriced}`,
    value: { ...cost },
  };
}

async function bootDisk({ connection, call: { config } }: Patient): Promise<Disk | undefined> {
  const options = computeOptions(connection);
  const { project, zone, instance } = config;
  const [vm] = await withDeadline(`read instance ${instance}`, () =>
    new InstancesClient(options).get({ project, zone, instance }),
  );
  const name = vm.disks
    ?.find(({ boot }) => boot)
    ?.source?.split('/')
    .at(-1);
  if (!name) return undefined;
  const [disk] = await withDeadline(`read disk ${name}`, () =>
    new DisksClient(options).get({ project, zone, disk: name }),
  );
  return { type: disk.type?.split('/').at(-1) ?? '', sizeGb: Number(disk.sizeGb) };
}

function isPriced(type: string): type is DiskType {
  return DISK_TYPES.some((known) => known === type);
}

import { type MachineType, machineType } from '../machines/machine-types.ts';
import type { DiskType } from './disk-types.ts';
import { PRICE_TABLE, type Provisioning } from './price-table.ts';

/** A user's own prices, which win over the table: a contract's rates, another region, another machine type. */
export interface PriceOverrides {
  /** Dollars per hour of a whole machine. */
  machines?: Record<string, { standard?: number | undefined; spot?: number | undefined }> | undefined;
  /** Dollars per GiB and month. */
  disks?: Partial<Record<DiskType, number | undefined>> | undefined;
  address?: { inUse?: number | undefined; idle?: number | undefined } | undefined;
  storage?: number | undefined;
}

/** A shared-core machine is billed for this share of its two vCPUs. */
const BILLED_CPUS: Record<string, number> = { 'e2-micro': 0.25, 'e2-small': 0.5, 'e2-medium': 1 };

/** Dollars per hour of a machine that is on; undefined where neither the table nor the user knows. */
export function pricePerHour(
  name: string,
  provisioning: Provisioning = 'standard',
  overrides: PriceOverrides = {},
): number | undefined {
  const own = overrides.machines?.[name]?.[provisioning];
  if (own !== undefined) return own;
  const type = machineType(name);
  const rate = PRICE_TABLE.families[familyOf(name)]?.[provisioning];
  return type && rate && billedCpus(type) * rate.cpuHour + (type.memoryMb / 1024) * rate.memoryHour;
}

export function diskPrice(type: DiskType, overrides: PriceOverrides = {}): number {
  return overrides.disks?.[type] ?? PRICE_TABLE.disks[type];
}

export function addressPrice(use: 'inUse' | 'idle', overrides: PriceOverrides = {}): number {
  return overrides.address?.[use] ?? PRICE_TABLE.address[use];
}

export function storagePrice(overrides: PriceOverrides = {}): number {
  return overrides.storage ?? PRICE_TABLE.storage;
}

function familyOf(name: string): string {
  return name.split('-')[0] ?? '';
}

function billedCpus({ name, guestCpus }: MachineType): number {
  return BILLED_CPUS[name] ?? guestCpus;
}

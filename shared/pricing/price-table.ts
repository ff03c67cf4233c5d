import type { DiskType } from './disk-types.ts';

/** On demand, or as a Spot VM that may be taken away at any time. */
export type Provisioning = 'standard' | 'spot';

/** US dollars for an hour of one vCPU, and of one GiB of memory. */
export interface FamilyRate {
  cpuHour: number;
  memoryHour: number;
}

export interface PriceTable {
  /** Day on which the sources were read. */
  asOf: string;
  region: string;
  /** Rates by machine family, the part of a machine type's name before its first dash. Spot is absent where it is not known. */
  families: Record<string, { standard: FamilyRate; spot?: FamilyRate }>;
  /** Dollars per GiB and month, whether the VM is on or off. Baseline performance of a Hyperdisk is included. */
  disks: Record<DiskType, number>;
  /** Dollars per hour of a static external IPv4 address: while a VM that is on uses it, and while it lies idle. */
  address: { inUse: number; idle: number };
  /** Dollars per GiB and month of Standard storage. */
  storage: number;
}

/**
 * List prices of us-east4 (Northern Virginia) in US dollars, before discounts and taxes.
 *
 * Machines: rates that the machine types' prices in SkyPilot's catalogue resolve to, which is made from Google's Billing
 * Catalog API (https://github.com/skypilot-org/skypilot-catalog, catalogs/v8/gcp/vms.csv, commit 006059e). C4's Spot price is
 * split between vCPU and memory as its standard price is. Google's own list: https://cloud.google.com/compute/vm-instance-pricing.
 * Spot prices change up to once a day.
 * N2, disks, addresses and storage could not be looked up when this was written: they are assumed, and to be checked against these pages.
 * Disks: https://cloud.google.com/compute/disks-image-pricing. Addresses: https://cloud.google.com/vpc/network-pricing#ipaddress.
 * Storage: https://cloud.google.com/storage/pricing.
 */
export const PRICE_TABLE: PriceTable = {
  asOf: '2026-11-24',
  region: 'us-east4',
  families: {
    c4d: {
      standard: { cpuHour: 0.0327035, memoryHour: 0.003495578 },
      spot: { cpuHour: 0.0128, memoryHour: 0.001366 },
    },
    c4: {
      standard: { cpuHour: 0.03465, memoryHour: 0.003938 },
      spot: { cpuHour: 0.01681, memoryHour: 0.0019105 },
    },
    n2: { standard: { cpuHour: 0.035605, memoryHour: 0.004771 } },
    e2: {
      standard: { cpuHour: 0.024568, memoryHour: 0.003292 },
      spot: { cpuHour: 0.01183, memoryHour: 0.001584 },
    },
  },
  disks: {
    'hyperdisk-balanced': 0.088,
    'pd-standard': 0.044,
    'pd-balanced': 0.11,
    'pd-ssd': 0.187,
  },
  address: { inUse: 0.005, idle: 0.01 },
  storage: 0.023,
};

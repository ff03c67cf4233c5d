import type { DiskType } from './disk-types.ts';
import type { Provisioning } from './price-table.ts';
import { addressPrice, diskPrice, type PriceOverrides, pricePerHour, storagePrice } from './prices.ts';

/** Compute Engine bills a machine by the second, and the first minute whole. */
const LEAST_BILLED_SECONDS = 60;
/** Google's own month: 365 days / 12. */
const HOURS_PER_MONTH = 730;
const CENT = 0.01;

/** Dollars for a machine that was on for `seconds`; undefined where its price is not known. */
export function costOf(
  machineType: string,
  seconds: number,
  provisioning: Provisioning = 'standard',
  overrides: PriceOverrides = {},
): number | undefined {
  const hourly = pricePerHour(machineType, provisioning, overrides);
  return hourly && (hourly * Math.max(seconds, LEAST_BILLED_SECONDS)) / 3600;
}

/** What a VM and its bucket cost while nothing runs. */
export interface IdleThings {
  disk?: { type: DiskType; sizeGb: number } | undefined;
  staticAddress?: boolean | undefined;
  /** Bytes in the bucket, where they are known. */
  storedBytes?: number | undefined;
}

export interface IdleCost {
  /** Dollars per month, in parts and in all. */
  disk: number;
  address: number;
  storage: number;
  total: number;
}

/** Dollars per month of what goes on costing while the VM is off. */
export function idleCostPerMonth(things: IdleThings, overrides: PriceOverrides = {}): IdleCost {
  const { disk, staticAddress = false, storedBytes = 0 } = things;
  const parts = {
    disk: disk ? disk.sizeGb * diskPrice(disk.type, overrides) : 0,
    address: staticAddress ? HOURS_PER_MONTH * addressPrice('idle', overrides) : 0,
    storage: (storedBytes / 2 ** 30) * storagePrice(overrides),
  };
  return { ...parts, total: parts.disk + parts.address + parts.storage };
}

/** `$12.30`, `<$0.01`. */
export function describeDollars(dollars: number): string {
  if (dollars === 0) return '$0';
  return dollars < CENT ? '<$0.01' : `$${dollars.toFixed(2)}`;
}

/** `$1.26 an hour`; of a machine below a cent the two digits that tell it from others, `$0.0042 an hour`. */
export function describeHourly(dollars: number): string {
  if (dollars === 0 || dollars >= CENT) return `${describeDollars(dollars)} an hour`;
  return `$${dollars.toFixed(Math.floor(-Math.log10(dollars)) + 2)} an hour`;
}

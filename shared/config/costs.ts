import { z } from 'zod';
import { DISK_TYPES } from '../pricing/disk-types.ts';
import type { CostSettings } from '../pricing/run-cost.ts';
import { machineType } from './names.ts';

const dollars = z.number().min(0);

export const provisioning = z.enum(['standard', 'spot'], 'must be standard or spot');

/** The VM as far as its costs depend on it. */
export const vm = z
  .strictObject({
    disk: z
      .strictObject({
        type: z.enum(DISK_TYPES).default('hyperdisk-balanced'),
        sizeGb: z.int().min(10).max(65_536).describe('Its size in GiB.'),
      })
      .optional()
      .describe('The boot disk, which costs the same whether the VM is on or off.'),
    externalAddress: z
      .boolean()
      .default(false)
      .describe('Whether a VM that deploy creates gets an external address; without one it needs Cloud NAT.'),
    staticAddress: z.boolean().default(false).describe('The VM keeps a reserved external address.'),
    provisioning: provisioning
      .default('standard')
      .describe('How the VM is bought: spot costs less, and may be taken away at any time.'),
  })
  .describe('What the VM is made of.');

/** A person's own prices. */
export const prices = z
  .strictObject({
    machines: z
      .record(
        machineType,
        z.strictObject({ standard: dollars.optional(), spot: dollars.optional() }).describe('Per hour.'),
      )
      .default({}),
    disks: z.partialRecord(z.enum(DISK_TYPES), dollars).default({}).describe('Per GiB and month.'),
    address: z
      .strictObject({ inUse: dollars.optional(), idle: dollars.optional() })
      .default({})
      .describe('Per hour of a static address.'),
    storage: dollars.optional().describe('Per GiB and month of the bucket.'),
  })
  .describe('Prices in US dollars that win over the built-in list prices of us-east4.');

/** What the configuration says of costs. */
export function costSettings(config: {
  vm: z.output<typeof vm>;
  prices: z.output<typeof prices>;
}): CostSettings {
  return { ...config.vm, prices: config.prices };
}

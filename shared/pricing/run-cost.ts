import { z } from 'zod';
import { costOf, type IdleThings, idleCostPerMonth } from './costs.ts';
import { PRICE_TABLE, type Provisioning } from './price-table.ts';
import { type PriceOverrides, pricePerHour } from './prices.ts';

/** `cost` of status.json: US dollars by list price, an estimate. */
export const costSchema = z.object({
  currency: z.literal('USD'),
  /** Day of the price table. */
  pricesAsOf: z.string(),
  provisioning: z.enum(['standard', 'spot']),
  /** Of the machine, while it is on. */
  perHour: z.number(),
  /** Of all the time that the VM was on for this run. Before it is seen off: of its phases so far. */
  total: z.number(),
  phases: z.array(z.object({ name: z.string(), dollars: z.number() })),
  /** Time on that is no phase: earlier attempts, and powering off. */
  other: z.number(),
  /** What the VM goes on costing while it is off, where the configuration tells its disk. */
  idlePerMonth: z.number().optional(),
});
export type RunCost = z.output<typeof costSchema>;

/** What a person's configuration says that matters to costs. */
export interface CostSettings extends IdleThings {
  prices?: PriceOverrides | undefined;
  provisioning?: Provisioning | undefined;
}

/** The part of a run that its cost follows from. */
export interface Billed {
  machineType?: string | undefined;
  onSeconds?: number | undefined;
  phases?: { name: string; seconds: number }[] | undefined;
}

/** The cost of a run; undefined where its VM was never on, or its price is not known. */
export function costOfRun(billed: Billed, settings: CostSettings = {}): RunCost | undefined {
  const { machineType = '', phases = [] } = billed;
  const { prices = {}, provisioning = 'standard' } = settings;
  const inPhases = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  const onSeconds = billed.onSeconds ?? inPhases;
  const perHour = pricePerHour(machineType, provisioning, prices);
  const total = costOf(machineType, onSeconds, provisioning, prices);
  if (perHour === undefined || total === undefined || onSeconds === 0) return undefined;
  const byPhase = phases.map(({ name, seconds }) => ({ name, dollars: round((perHour * seconds) / 3600) }));
  const idle = idleCostPerMonth(settings, prices).total;
  return {
    currency: 'USD',
    pricesAsOf: PRICE_TABLE.asOf,
    provisioning,
    perHour: round(perHour),
    total: round(total),
    phases: byPhase,
    other: round(Math.max(0, total - (perHour * inPhases) / 3600)),
    ...(idle > 0 && { idlePerMonth: round(idle) }),
  };
}

/** To a thousandth of a cent: nobody bills less, and 0.1 + 0.2 stays readable. */
function round(dollars: number): number {
  return Math.round(dollars * 100_000) / 100_000;
}

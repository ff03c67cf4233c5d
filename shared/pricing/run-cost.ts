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
  /** What the time on Spot capacity would have cost more on standard. */
  spotSaved: z.number().optional(),
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
  /** Of that, on Spot capacity. */
  spotSeconds?: number | undefined;
  phases?: { name: string; seconds: number }[] | undefined;
}

/** The cost of a run; undefined where its VM was never on, or its price is not known. */
export function costOfRun(billed: Billed, settings: CostSettings = {}): RunCost | undefined {
  const { machineType = '', phases = [] } = billed;
  const { prices = {} } = settings;
  const inPhases = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  const { onSeconds, spotSeconds } = timeOn(billed, settings, inPhases);
  const spot = dollarsFor('spot', spotSeconds);
  const standard = dollarsFor('standard', onSeconds - spotSeconds);
  if (spot === undefined || standard === undefined || onSeconds === 0) return undefined;
  const total = spot + standard;
  const provisioning = spotSeconds > 0 ? 'spot' : 'standard';
  const isMixed = spotSeconds > 0 && spotSeconds < onSeconds;
  const perHour = isMixed
    ? (total * 3600) / onSeconds
    : (pricePerHour(machineType, provisioning, prices) ?? 0);
  const saved = (dollarsFor('standard', spotSeconds) ?? spot) - spot;
  const byPhase = phases.map(({ name, seconds }) => ({ name, dollars: round((perHour * seconds) / 3600) }));
  const idle = idleCostPerMonth(settings, prices).total;
  return {
    currency: 'USD',
    pricesAsOf: PRICE_TABLE.asOf,
    provisioning,
    perHour: round(perHour),
    total: round(total),
    ...(spotSeconds > 0 && { spotSaved: round(saved) }),
    phases: byPhase,
    other: round(Math.max(0, total - (perHour * inPhases) / 3600)),
    ...(idle > 0 && { idlePerMonth: round(idle) }),
  };

  function dollarsFor(how: Provisioning, seconds: number): number | undefined {
    return seconds > 0 ? costOf(machineType, seconds, how, prices) : 0;
  }
}

/** Before the VM is seen off, its phases so far, bought as the configuration says. */
function timeOn({ onSeconds, spotSeconds = 0 }: Billed, { provisioning }: CostSettings, inPhases: number) {
  if (onSeconds !== undefined) return { onSeconds, spotSeconds };
  return { onSeconds: inPhases, spotSeconds: provisioning === 'spot' ? inPhases : 0 };
}

/** To a thousandth of a cent: nobody bills less, and 0.1 + 0.2 stays readable. */
function round(dollars: number): number {
  return Math.round(dollars * 100_000) / 100_000;
}

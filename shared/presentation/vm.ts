import { costSettings } from '../config/costs.ts';
import type { Config } from '../config/schema.ts';
import { NotFoundError, PermissionError, TransientError } from '../errors.ts';
import { type InstanceFacts, isOff } from '../ports/instance.ts';
import { costOf, describeDollars, describeHourly, idleCostPerMonth } from '../pricing/costs.ts';
import type { Provisioning } from '../pricing/price-table.ts';
import { pricePerHour } from '../pricing/prices.ts';
import { isHeld } from '../reconcile/vm-metadata.ts';

/** The VM and its current cost. */
export interface VmView {
  name: string;
  zone: string;
  /** Absent where the VM could not be read; `problem` says why. */
  status?: string;
  isOn: boolean;
  isHeld: boolean;
  machineType: string;
  /** Current cost in words. */
  cost: string;
  /** When it was started, while it is on. RFC 3339. */
  since?: string | undefined;
  problem?: string;
}

function describeVm(facts: InstanceFacts, config: Config, now: Date): VmView {
  const { status, machineType, lastStartedAt } = facts;
  const provisioning = facts.isSpot ? 'spot' : 'standard';
  const isOn = !isOff(status);
  return {
    name: config.instance,
    zone: config.zone,
    status,
    isOn,
    isHeld: isHeld(facts),
    machineType,
    cost: isOn ? costWhileOn(machineType, provisioning, lastStartedAt, config, now) : costWhileOff(config),
    ...(isOn && { since: lastStartedAt }),
  };
}

/** The VM as far as it can be read. Throws errors other than those of the cloud. */
export async function readVm(read: () => Promise<InstanceFacts>, config: Config, now: Date): Promise<VmView> {
  try {
    return describeVm(await read(), config, now);
  } catch (error) {
    const isKnown = [PermissionError, TransientError, NotFoundError].some((kind) => error instanceof kind);
    if (!isKnown) throw error;
    return unreadableVm(config, (error as Error).message);
  }
}

/** `TERMINATED, c4d-highcpu-32, $24.90 a month while off`. */
export function vmText({ status, machineType, cost, isHeld, problem }: VmView): string {
  if (problem !== undefined) return `could not be read. ${problem}`;
  return [status, machineType, cost, isHeld && 'kept on by a hold'].filter(Boolean).join(', ');
}

function unreadableVm({ instance, zone }: Config, problem: string): VmView {
  return { name: instance, zone, isOn: false, isHeld: false, machineType: '', cost: '', problem };
}

function costWhileOn(
  machineType: string,
  provisioning: Provisioning,
  since: string | undefined,
  config: Config,
  now: Date,
): string {
  const hourly = pricePerHour(machineType, provisioning, config.prices);
  if (hourly === undefined) return '';
  const seconds = since ? Math.max(0, (now.getTime() - Date.parse(since)) / 1000) : 0;
  const soFar = costOf(machineType, seconds, provisioning, config.prices) ?? 0;
  return `${describeHourly(hourly)}, ${describeDollars(soFar)} since its start`;
}

function costWhileOff(config: Config): string {
  const { total } = idleCostPerMonth(costSettings(config), config.prices);
  return total > 0 ? `${describeDollars(total)} a month while off` : '';
}

import { costSettings } from '../../shared/config/costs.ts';
import type { Config } from '../../shared/config/schema.ts';
import { type InstanceFacts, isOff } from '../../shared/ports/instance.ts';
import { costOf, describeDollars, describeHourly, idleCostPerMonth } from '../../shared/pricing/costs.ts';
import type { Provisioning } from '../../shared/pricing/price-table.ts';
import { pricePerHour } from '../../shared/pricing/prices.ts';
import { isHeld } from '../../shared/reconcile/vm-metadata.ts';

/** The VM, and what it costs now. */
export interface MachineView {
  name: string;
  zone: string;
  /** Absent: it could not be read, and `problem` says why. */
  status?: string;
  isOn: boolean;
  isHeld: boolean;
  machineType: string;
  /** What it costs at this moment, in words. */
  cost: string;
  /** Since when it is on, where it is. RFC 3339. */
  since?: string | undefined;
  problem?: string;
}

export function machineView(facts: InstanceFacts, config: Config, now: Date): MachineView {
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

export function unreadableMachine({ instance, zone }: Config, problem: string): MachineView {
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
  return total > 0 ? `${describeDollars(total)} a month while it is off` : '';
}

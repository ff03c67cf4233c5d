import type { Status } from '../model/status.ts';
import { describeDollars, describeHourly } from '../pricing/costs.ts';

type Cost = NonNullable<Status['cost']>;

/** `$12.30 at $1.26 an hour (Spot)`: an estimate by list prices. */
export function costText({ total, perHour, provisioning }: Cost): string {
  const spot = provisioning === 'spot' ? ' (Spot)' : '';
  return `${describeDollars(total)} at ${describeHourly(perHour)}${spot}`;
}

/** `Spot saved $38.10`; `$24.90 a month while the VM is off`. */
export function costNotes({ spotSaved, idlePerMonth }: Cost): string[] {
  return [
    ...(spotSaved === undefined ? [] : [`Spot saved ${describeDollars(spotSaved)}`]),
    ...(idlePerMonth === undefined ? [] : [`${describeDollars(idlePerMonth)} a month while the VM is off`]),
  ];
}

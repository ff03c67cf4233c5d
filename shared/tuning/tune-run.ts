import { figuresOf } from '../history/facts.ts';
import type { Status } from '../model/status.ts';
import type { CostSettings } from '../pricing/run-cost.ts';
import type { PhaseLoad } from '../telemetry/loads.ts';
import { type Tuning, tune } from './tune.ts';

/** What a run's load and the runs before it say of the next one. Undefined where they say nothing. */
export function tuneRun(
  status: Status,
  loads: PhaseLoad[],
  baseline: Status[],
  { machineTypes, costs }: { machineTypes: string[]; costs?: CostSettings | undefined },
): Tuning | undefined {
  const load = loads.find(({ name }) => name === 'make');
  if (!load || status.status !== 'succeeded') return undefined;
  const good = [status, ...baseline].filter((each) => each.status === 'succeeded');
  return tune({
    run: figuresOf(status),
    load,
    history: good.map(figuresOf),
    machineTypes,
    provisioning: costs?.provisioning,
    prices: costs?.prices,
  });
}

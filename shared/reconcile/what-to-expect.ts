import { expectedSeconds } from '../model/estimate.ts';
import type { Started } from '../model/notification.ts';
import { costOf } from '../pricing/costs.ts';
import { pricePerHour } from '../pricing/prices.ts';
import type { CostSettings } from '../pricing/run-cost.ts';
import type { NotificationDraft } from './action.ts';
import { runsOnSpot } from './vm-metadata.ts';

/** What a run whose VM was started will take and cost, as the target's last good run did. */
export function whatToExpect(
  { event, status, spec, machineType, attempt }: Extract<NotificationDraft, { event: 'started' }>,
  { prices }: CostSettings = {},
): Started {
  const { baseline, maxSeconds } = spec;
  const provisioning = runsOnSpot(spec, attempt) ? 'spot' : 'standard';
  const dollarsPerHour = pricePerHour(machineType, provisioning, prices);
  const priced = {
    machineType,
    provisioning,
    ...(dollarsPerHour !== undefined && { dollarsPerHour }),
  } as const;
  if (!baseline) return { event, status, ...priced, maxSeconds };
  const seconds = expectedSeconds(baseline.phases);
  const dollars = costOf(machineType, seconds, provisioning, prices);
  const expected = { seconds, ...(dollars !== undefined && { dollars }) };
  return { event, status, ...priced, maxSeconds, expected };
}

import type { Change } from '../plan/plan.ts';
import { idOf } from '../table/resource.ts';
import { differenceLine } from '../view/plan-view.ts';
import type { Finding } from './finding.ts';

/** What is not as the table says. */
export function driftOf({ action, resource, differences }: Change): Finding {
  const problem = action === 'create' ? 'is missing' : differences.map(differenceLine).join('; ');
  return { subject: idOf(resource), problem, remedy: 'vicinity deploy apply' };
}

import { decodeEvent, type Event } from '../../shared/intake/decode-event.ts';
import { reportMissedSchedules } from '../../shared/intake/missed-schedules.ts';
import type { Dependencies } from '../../shared/reconcile/dependencies.ts';
import { findUnfinished } from '../../shared/reconcile/find-unfinished.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import type { Schedules } from '../../shared/schedule/firing.ts';

/**
 * Every ten minutes: repairs whatever a crash, a lost message or a dead VM left behind, by the same loop as everything else, and
 * notices a scheduled run that nobody asked for. Once a day, by the message's attribute `action=retire`, it also marks what has been superseded.
 */
export async function sweepRuns(
  deps: Dependencies,
  schedules: Schedules = {},
  event: Event = {},
): Promise<void> {
  await reconcile(deps, { focus: await findUnfinished(deps.objects, deps.clock.now()) });
  await reportMissedSchedules(deps, schedules);
  if (decodeEvent(event, deps.clock.now()).attributes.action !== 'retire') return;
  // Once a day: the other sweeps do not load it.
  const { retireSuperseded } = await import('../../shared/retention/retire-superseded.ts');
  await retireSuperseded(deps);
}

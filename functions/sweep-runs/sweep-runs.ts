import { decodeEvent, type Event } from '../../shared/intake/decode-event.ts';
import { reportMissedSchedules } from '../../shared/intake/missed-schedules.ts';
import type { Dependencies } from '../../shared/reconcile/dependencies.ts';
import { findUnfinished } from '../../shared/reconcile/find-unfinished.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import type { Schedules } from '../../shared/schedule/firing.ts';

/**
 * Every ten minutes: repairs what a crash, a lost message or a dead VM left behind, by the same loop as everything else, and notices
 * a scheduled run that nobody requested. Once a day, by the message's attribute `action=retire`, it looks at runs of any age, and marks
 * what has been superseded.
 */
export async function sweepRuns(
  deps: Dependencies,
  schedules: Schedules = {},
  event: Event = {},
): Promise<void> {
  const now = deps.clock.now();
  const isDaily = decodeEvent(event, now).attributes.action === 'retire';
  await reconcile(deps, { focus: await findUnfinished(deps.objects, now, isDaily) });
  await reportMissedSchedules(deps, schedules);
  if (!isDaily) return;
  // The other sweeps do not load it.
  const { retireSuperseded } = await import('../../shared/retention/retire-superseded.ts');
  await retireSuperseded(deps);
}

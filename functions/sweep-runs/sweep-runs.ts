import type { Dependencies } from '../../shared/reconcile/dependencies.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { findUnsettled } from '../../shared/reconcile/unsettled.ts';

/** Every ten minutes: repairs whatever a crash, a lost message or a dead VM left behind, by the same loop as everything else. */
export async function sweepRuns(deps: Dependencies): Promise<void> {
  await reconcile(deps, { focus: await findUnsettled(deps.objects, deps.clock.now()) });
}

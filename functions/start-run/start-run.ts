import type { Config } from '../../shared/config/schema.ts';
import { decodeEvent, type Event } from '../../shared/intake/decode-event.ts';
import { takeRequest } from '../../shared/intake/take-request.ts';
import type { Wait } from '../../shared/reconcile/action.ts';
import type { Dependencies } from '../../shared/reconcile/dependencies.ts';
import { enqueueAccepted } from '../../shared/reconcile/enqueue-accepted.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';

/**
 * In seconds. How long the VM is watched until it takes its run, so that people see `running` and a failed boot is noticed early;
 * and until it is off, after a cancellation or the run before.
 */
const PATIENCE: Partial<Record<Wait['for'], number>> = { claim: 150, off: 120 };

/**
 * A message on `vicinity-run`: a request becomes a run, or is refused; then the control loop takes its course.
 * A refusal is acknowledged, since a repetition would be refused as well; a passing fault throws, and Pub/Sub delivers again.
 */
export async function startRun(deps: Dependencies, config: Config, event: Event): Promise<void> {
  const message = decodeEvent(event, deps.clock.now());
  const runId = await takeRequest(deps, config, message);
  if (!runId) return;
  await enqueueAccepted(deps, runId);
  await reconcile(deps, {
    focus: [runId],
    queue: 'head',
    patience: (wait) => (wait.runId === runId ? (PATIENCE[wait.for] ?? 0) : 0),
  });
}

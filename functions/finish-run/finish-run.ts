import { z } from 'zod';
import { RUN_ID } from '../../shared/config/names.ts';
import { decodeEvent, type Event } from '../../shared/intake/decode-event.ts';
import { specName } from '../../shared/model/layout.ts';
import { parseJson } from '../../shared/parse-json.ts';
import type { Wait } from '../../shared/reconcile/action.ts';
import type { Dependencies } from '../../shared/reconcile/dependencies.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { redact } from '../../shared/redact.ts';

/** In seconds: until the VM is seen off, so that the next run can start; and until that one is under way. */
const PATIENCE: Partial<Record<Wait['for'], number>> = { off: 120, claim: 150 };

const hintSchema = z.object({ runId: z.string().regex(RUN_ID) });

/**
 * A message on `vicinity-run-finished`. It is a hint only, so whatever it says (or garbles), the control loop looks at the bucket,
 * records and reports what it finds, sees the VM off and starts the next run. A passing fault throws, and Pub/Sub delivers again.
 */
export async function finishRun(deps: Dependencies, event: Event): Promise<void> {
  const message = decodeEvent(event, deps.clock.now());
  const runId = await hintedRun(deps, message.data);
  if (!runId)
    deps.log({
      message: 'A completion message names no run; the slot is looked at all the same.',
      data: redact(message.data).slice(0, 500),
    });
  await reconcile(deps, { focus: runId ? [runId] : [], patience: (wait) => PATIENCE[wait.for] ?? 0 });
}

async function hintedRun({ objects }: Dependencies, text: string): Promise<string | undefined> {
  const hint = hintSchema.safeParse(parseJson(text));
  if (!hint.success) return undefined;
  return (await objects.stat(specName(hint.data.runId))) ? hint.data.runId : undefined;
}

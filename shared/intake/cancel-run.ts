import type { Fault } from '../errors.ts';
import { cancelName, specName } from '../model/layout.ts';
import type { Request } from '../model/request.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { toText } from '../reconcile/documents.ts';

/** Records that a run is to be cancelled; the control loop does the rest. Returns the run id, or what is wrong with the request. */
export async function cancelRun(
  { objects, clock }: Dependencies,
  { runId, requestedBy }: Request,
): Promise<{ runId: string } | { faults: Fault[] }> {
  if (!runId) {
    return {
      faults: [
        {
          field: 'runId',
          problem: 'is missing',
          remedy: 'Say which run: {"action": "cancel", "runId": "…"}.',
        },
      ],
    };
  }
  if (!(await objects.stat(specName(runId)))) {
    return {
      faults: [
        {
          field: 'runId',
          problem: `there is no run ${runId}`,
          remedy: 'vicinity status shows the newest run.',
        },
      ],
    };
  }
  const cancel = { requestedAt: clock.now().toISOString(), ...(requestedBy && { requestedBy }) };
  await objects.create(cancelName(runId), toText(cancel));
  return { runId };
}

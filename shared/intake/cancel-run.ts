import type { ValidationIssue } from '../errors.ts';
import { finalSchema } from '../model/final.ts';
import {
  cancelName,
  finalName,
  requestCancelName,
  requestName,
  specName,
  statusName,
} from '../model/layout.ts';
import { sha256 } from '../model/message.ts';
import type { Request } from '../model/request.ts';
import { statusSchema } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { sendNotificationOnce } from '../reconcile/send-notification.ts';
import { readIfValid, toText } from '../records/documents.ts';
import { requestIndexSchema } from './request-index.ts';

/** `runId` is absent where the request to be cancelled is not accepted yet: it will be cancelled when it is. */
export type CancelAnswer = { runId?: string } | { issues: ValidationIssue[] };

/**
 * Records that a run is to be cancelled, by its run id or by the request id of its request, which may come later. The control
 * loop does the rest. If the run has ended, Slack says that it is too late.
 */
export async function cancelRun(deps: Dependencies, request: Request): Promise<CancelAnswer> {
  const { objects, clock } = deps;
  const { requestId, requestedBy } = request;
  const text = toText({ requestedAt: clock.now().toISOString(), ...(requestedBy && { requestedBy }) });
  // Noted before looking: whoever accepts the request meanwhile finds the note, or is found here.
  if (requestId) await objects.create(requestCancelName(sha256(requestId)), text);
  const runId = request.runId ?? (requestId && (await runOfRequest(objects, requestId)));
  if (!runId) return requestId ? {} : { issues: [MISSING] };
  if (!(await objects.stat(specName(runId)))) return { issues: [unknownRun(runId)] };
  await objects.create(cancelName(runId), text);
  await notifyTooLate(deps, runId);
  return { runId };
}

/** A request that was cancelled before it was accepted. */
export async function inheritCancel(objects: ObjectStore, runId: string, requestId: string): Promise<void> {
  const early = await objects.read(requestCancelName(sha256(requestId)));
  if (early) await objects.create(cancelName(runId), early.text);
}

async function runOfRequest(objects: ObjectStore, requestId: string): Promise<string | undefined> {
  return (await readIfValid(objects, requestName(sha256(requestId)), requestIndexSchema))?.runId;
}

async function notifyTooLate(deps: Dependencies, runId: string): Promise<void> {
  const final = await readIfValid(deps.objects, finalName(runId), finalSchema);
  if (!final || final.status === 'cancelled') return;
  const status = await readIfValid(deps.objects, statusName(runId), statusSchema);
  if (status?.finishedAt)
    await sendNotificationOnce(deps, 'cancel-too-late', { event: 'cancel-too-late', status });
}

const MISSING: ValidationIssue = {
  field: 'runId',
  problem: 'is missing',
  remedy:
    'Say which run: {"action": "cancel", "runId": "…"}, or which request: {"action": "cancel", "requestId": "…"}.',
};

function unknownRun(runId: string): ValidationIssue {
  return {
    field: 'runId',
    problem: `there is no run ${runId}`,
    remedy: 'vicinity status shows the newest run.',
  };
}

import type { Config } from '../config/schema.ts';
import type { ValidationIssue } from '../errors.ts';
import type { Message } from '../model/message.ts';
import { parseRequest, type Request } from '../model/request.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { orIfMalformed } from '../records/documents.ts';
import { EMPTY_STORED_SLOT, readSlot } from '../records/slot-store.ts';
import { acceptRun, findAccepted, linkRequest } from './accept-run.ts';
import { baselineRun } from './baseline-run.ts';
import { type CancelAnswer, cancelRun } from './cancel-run.ts';
import { checkRequest } from './check-request.ts';
import { findPackage } from './find-package.ts';
import { noteRefusedSchedule } from './missed-schedules.ts';
import { reject } from './reject.ts';
import { resolveTrigger } from './trigger.ts';

/**
 * Takes one message from the topic `vicinity-run`: accepts it as a run, or as a cancellation, or refuses it once and for all.
 * Returns the run that it concerns, if there is one. Passing faults throw.
 */
export async function takeRequest(
  deps: Dependencies,
  config: Config,
  message: Message,
): Promise<string | undefined> {
  const parsed = parseRequest(message);
  const taken = 'issues' in parsed ? parsed : await take(deps, config, message, parsed.request);
  if (!('issues' in taken)) return taken.runId;
  await reject(deps, message, taken.issues);
  await noteRefusedSchedule(deps.objects, message, config.schedules);
  return undefined;
}

async function take(
  deps: Dependencies,
  config: Config,
  message: Message,
  request: Request,
): Promise<CancelAnswer> {
  if (request.action === 'cancel') return cancelRun(deps, request);
  const accepted = await accept(deps, config, message, request);
  if ('runId' in accepted && request.requestId) {
    await linkRequest(deps.objects, request.requestId, accepted.runId);
  }
  return accepted;
}

/** The run that the request became before, or becomes now. */
async function accept(
  deps: Dependencies,
  config: Config,
  message: Message,
  request: Request,
): Promise<{ runId: string } | { issues: ValidationIssue[] }> {
  const { objects } = deps;
  const { requestId } = request;
  const trigger = await resolveTrigger(objects, message, config.schedules, requestId);
  const known = await findAccepted(objects, trigger, requestId);
  if (known) return { runId: known };
  const checked = checkRequest(request, config);
  if ('issues' in checked) return checked;
  const full = await queueFull(deps, config);
  if (full) return { issues: [full] };
  const { wantedSource, ...resolved } = checked.resolved;
  const found = await findPackage(objects, wantedSource);
  if ('issues' in found) return found;
  const baseline = await baselineRun(objects, resolved.target);
  const accepted = { ...resolved, source: found.source, ...(baseline && { baseline }) };
  return { runId: await acceptRun(objects, message, accepted, trigger, requestId) };
}

async function queueFull(
  { objects, instance }: Dependencies,
  { limits }: Config,
): Promise<ValidationIssue | undefined> {
  // A damaged slot is reported by the control loop; the request is accepted and waits.
  const { slot } = await orIfMalformed(readSlot(objects, instance.name), () => EMPTY_STORED_SLOT);
  // While nothing holds the VM, the first of the queue waits for it alone, and behind nobody.
  const waiting = slot.active ? slot.queue.length : slot.queue.length - 1;
  if (waiting < limits.maxQueue) return undefined;
  return {
    field: 'message',
    problem: `${slot.queue.length} runs are waiting, so the queue is full`,
    remedy: 'Cancel one (vicinity cancel), wait, or raise limits.maxQueue in vicinity.yaml.',
  };
}

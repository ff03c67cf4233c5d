import { InvalidError, type ValidationIssue } from '../../shared/errors.ts';
import { requestIndexSchema } from '../../shared/intake/request-index.ts';
import { cancelName, rejectedName, requestName } from '../../shared/model/layout.ts';
import { sha256 } from '../../shared/model/message.ts';
import { rejectedSchema } from '../../shared/model/rejected.ts';
import { parseRequest } from '../../shared/model/request.ts';
import { isFinished } from '../../shared/model/status.ts';
import { TOPICS } from '../../shared/model/topics.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import { readDocument } from '../../shared/records/documents.ts';
import type { Context } from '../context/context.ts';
import { WaitedTooLongError } from '../exit/errors.ts';
import { poll } from './poll.ts';
import { type RunRecord, readRun } from './records.ts';

const PACE = { first: 200, most: 2000 };
/** A queued run ends at once. The VM of a running run takes up to two minutes to stop, which is not worth waiting for. */
const STOP_PATIENCE_MS = 15_000;
const faultsSchema = rejectedSchema.pick({ faults: true });

/** A published request. */
export interface Published {
  messageId: string;
  requestId: string;
}

/** Publishes a request. Throws InvalidError, before anything is sent, where start-run would refuse its form. */
export async function publishRequest(
  { topic }: Context,
  request: Record<string, unknown> & { requestId: string },
): Promise<Published> {
  const data = JSON.stringify(request);
  const parsed = parseRequest({ messageId: '', publishedAt: '', data, attributes: {} });
  if ('issues' in parsed) throw new InvalidError(parsed.issues);
  const messageId = await (await topic(TOPICS.run)).publish({ data });
  return { messageId, requestId: request.requestId };
}

/**
 * Waits for start-run to answer a request, and returns the run id. Throws InvalidError with the issues of a refusal,
 * WaitedTooLongError where start-run does not answer in time.
 */
export async function awaitRunId(
  context: Context,
  published: Published,
  deadlineMs: number,
): Promise<string> {
  const objects = await context.objects();
  const name = requestName(sha256(published.requestId));
  const runId = await poll(context.host.clock, PACE, deadlineMs, async () => {
    await throwIfRejected(objects, published.messageId);
    return (await readDocument(objects, name, requestIndexSchema))?.runId;
  });
  if (runId !== undefined) return runId;
  throw new WaitedTooLongError(
    `Message ${published.messageId} is published to ${TOPICS.run}, but start-run has not answered within ${deadlineMs / 1000} s. ` +
      'The run may still start. Check the deployment with vicinity doctor, and the log with gcloud functions logs read start-run.',
  );
}

/** Waits for the run's status.json, which start-run writes after the answer. */
export async function awaitRecord(context: Context, runId: string, deadlineMs: number): Promise<RunRecord> {
  const objects = await context.objects();
  const record = await poll(context.host.clock, PACE, deadlineMs, () => readRun(objects, runId));
  if (record) return record;
  throw new WaitedTooLongError(
    `Run ${runId} is accepted but has no status after ${deadlineMs / 1000} s. The next sweep repairs this within ten minutes.`,
  );
}

/**
 * Waits for a cancelled run to end: true once it has finished, false where the cancellation is recorded and the VM takes
 * longer. Throws InvalidError where it was refused, WaitedTooLongError where it is not recorded in time.
 */
export async function awaitCancellation(
  context: Context,
  { messageId }: Published,
  runId: string,
  deadlineMs: number,
): Promise<boolean> {
  const objects = await context.objects();
  const { clock } = context.host;
  const isOver = async () => {
    const record = await readRun(objects, runId);
    return (record && isFinished(record.status)) || undefined;
  };
  const isRecorded = await poll(clock, PACE, deadlineMs, async () => {
    await throwIfRejected(objects, messageId);
    return (await isOver()) || (await objects.stat(cancelName(runId))) !== undefined || undefined;
  });
  if (isRecorded) return (await poll(clock, PACE, Math.min(deadlineMs, STOP_PATIENCE_MS), isOver)) ?? false;
  throw new WaitedTooLongError(
    `The cancellation of run ${runId} is published but was not recorded within ${deadlineMs / 1000} s. It may still take effect: see vicinity status ${runId}.`,
  );
}

/** Throws InvalidError where start-run refused the message. */
async function throwIfRejected(objects: ObjectStore, messageId: string): Promise<void> {
  const rejected = await readDocument(objects, rejectedName(messageId), faultsSchema);
  if (rejected) throw new InvalidError(rejected.faults satisfies ValidationIssue[]);
}

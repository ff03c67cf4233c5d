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
/** A queued run ends at once; the VM of a running one takes up to two minutes, which nobody need wait for. */
const STOP_PATIENCE_MS = 15_000;
const faultsSchema = rejectedSchema.pick({ faults: true });

/** A request as it was published. */
export interface Published {
  messageId: string;
  requestId: string;
}

/** Publishes a request. Throws InvalidError, before anything is sent, where it would be refused by its form alone. */
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
 * Waits for the answer to a request for a run: its run id. Throws InvalidError with the faults of a refusal,
 * WaitedTooLongError where start-run has answered nothing in time.
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
      'It may still do so. Is it deployed, and does it have a subscription? Its log tells: gcloud functions logs read start-run.',
  );
}

/** Waits for the run's status.json, which start-run writes after the answer. */
export async function awaitRecord(context: Context, runId: string, deadlineMs: number): Promise<RunRecord> {
  const objects = await context.objects();
  const record = await poll(context.host.clock, PACE, deadlineMs, () => readRun(objects, runId));
  if (record) return record;
  throw new WaitedTooLongError(
    `Run ${runId} is accepted, but has no status after ${deadlineMs / 1000} s. The next sweep mends that, within ten minutes.`,
  );
}

/**
 * Waits for the end of a run whose cancellation was published: true once it is finished, false where the cancellation is
 * recorded and the VM takes longer. Throws InvalidError where it was refused, WaitedTooLongError where it is not even recorded.
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
    `The cancellation of run ${runId} is published, but not recorded within ${deadlineMs / 1000} s. It may still be.`,
  );
}

/** Throws InvalidError where start-run refused the message. */
async function throwIfRejected(objects: ObjectStore, messageId: string): Promise<void> {
  const rejected = await readDocument(objects, rejectedName(messageId), faultsSchema);
  if (rejected) throw new InvalidError(rejected.faults satisfies ValidationIssue[]);
}

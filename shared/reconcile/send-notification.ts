import { TransientError } from '../errors.ts';
import { explainingLog } from '../model/explaining-log.ts';
import { notifiedName, notifyingName, resultsPrefix } from '../model/layout.ts';
import type { Notification } from '../model/notification.ts';
import { toText } from '../records/documents.ts';
import { redact } from '../redact.ts';
import type { NotificationDraft } from './action.ts';
import type { Dependencies } from './dependencies.ts';
import { secondsBetween } from './timeouts.ts';
import { whatToExpect } from './what-to-expect.ts';

/** Another function may be sending the same notification right now; it is given this long. */
export const SENDING_SECONDS = 60;
const TAIL_BYTES = 16 * 1024;
const TAIL_LINES = 15;

/**
 * Sends a notification of a run, and records that Slack accepted it. Slack has no idempotency key: a try whose end is unknown is
 * repeated, and says that it may be a repetition. A permanent refusal is noted as well, and not tried again.
 */
export async function sendNotificationOnce(
  deps: Dependencies,
  event: string,
  draft: NotificationDraft,
): Promise<void> {
  const { objects, notifier, clock } = deps;
  const { runId } = draft.status;
  const resend = await isResend(deps, runId, event);
  const delivery = await notifier.notify(await notificationOf(deps, draft, resend));
  const at = clock.now().toISOString();
  if (!delivery.delivered)
    deps.log({ message: 'Slack refused a notification for good.', runId, event, reason: delivery.refused });
  const refused = delivery.delivered ? {} : { refused: redact(delivery.refused) };
  const record = toText({ at, resend, ...delivery, ...refused });
  // Told with the end itself: no closing message of its own.
  const includesVmOff = draft.event === 'finished' && draft.status.vm.stoppedBy;
  if (includesVmOff) await objects.put(notifiedName(runId, 'vm-off'), record);
  for (const overtaken of draft.event === 'finished' ? draft.overtakes : [])
    await objects.create(
      notifiedName(runId, overtaken),
      toText({ at, delivered: false, overtakenBy: event }),
    );
  await objects.put(notifiedName(runId, event), record);
}

/** The intent is noted before the sending. Found already there: somebody is sending, or has failed at it; then one takes its place. */
async function isResend({ objects, clock }: Dependencies, runId: string, event: string): Promise<boolean> {
  const name = notifyingName(runId, event);
  const now = clock.now();
  const intent = toText({ at: now.toISOString() });
  if ((await objects.create(name, intent)) === 'created') return false;
  const earlier = await objects.stat(name);
  const isOver = earlier && secondsBetween(earlier.updatedAt, now) >= SENDING_SECONDS;
  if (isOver && (await objects.replace(name, intent, earlier.generation)) === 'replaced') return true;
  throw new TransientError(
    `Notification ${event} of ${runId} is being sent by another function. It will be checked again later.`,
  );
}

async function notificationOf(
  { objects, costs }: Dependencies,
  draft: NotificationDraft,
  resend: boolean,
): Promise<Notification> {
  if (draft.event === 'started') return { ...whatToExpect(draft, costs), resend };
  if (draft.event !== 'finished') return { ...draft, resend };
  const { event, status } = draft;
  const failed = status.verdict === 'failed';
  const log = `${resultsPrefix(status.runId)}/${explainingLog(status)}`;
  const tail = failed ? await objects.readTail(log, TAIL_BYTES) : undefined;
  return { event, status, resend, logTail: lastLines(tail ?? '') };
}

function lastLines(text: string): string[] {
  const lines = redact(text)
    .split(/\r\n|[\r\n]/)
    .filter((line) => line.trim() !== '');
  return lines.slice(-TAIL_LINES);
}

import { specName } from '../model/layout.ts';
import type { Message, Trigger } from '../model/message.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { firingOf, firingTrigger, minuteOf, type Schedules } from '../schedule/firing.ts';
import { findAccepted } from './accept-run.ts';

/** Cloud Scheduler repeats a firing whose answer was lost within this time; what comes later was fired by a person. */
const REPEAT_MINUTES = 5;

/**
 * The identity of a request. A client's own `requestId` comes first; a Scheduler firing (attribute `schedule`) is known by its job
 * and the time it was due; anything else by its message id, which a redelivery keeps.
 */
export function triggerOf(message: Message, schedules: Schedules, requestId?: string): Trigger {
  const at = new Date(message.publishedAt);
  if (requestId) return { key: `request:${requestId}`, at };
  const due = firingOf(message, schedules);
  return due ? firingTrigger(due.name, due.dueAt) : { key: `message:${message.messageId}`, at };
}

/**
 * As triggerOf, but a firing that comes long after the run of its due time was accepted is one of its own: somebody fired the job by
 * hand.
 */
export async function resolveTrigger(
  objects: ObjectStore,
  message: Message,
  schedules: Schedules,
  requestId?: string,
): Promise<Trigger> {
  const trigger = triggerOf(message, schedules, requestId);
  const due = requestId ? undefined : firingOf(message, schedules);
  const runId = due && (await findAccepted(objects, trigger));
  const accepted = runId && (await objects.stat(specName(runId)));
  if (!accepted) return trigger;
  const late = Date.parse(message.publishedAt) - Date.parse(accepted.updatedAt);
  return late > REPEAT_MINUTES * 60_000 ? firingTrigger(due.name, minuteOf(message)) : trigger;
}

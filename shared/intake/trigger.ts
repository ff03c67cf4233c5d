import type { Message, Trigger } from '../model/message.ts';
import { firingOf, firingTrigger, type Schedules } from '../schedule/firing.ts';

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

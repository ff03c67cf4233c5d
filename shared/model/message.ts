import { createHash } from 'node:crypto';

/** A Pub/Sub message as every delivery form is reduced to. */
export interface Message {
  messageId: string;
  /** RFC 3339, by Pub/Sub. */
  publishedAt: string;
  /** Decoded text; empty where the message has attributes only. */
  data: string;
  attributes: Record<string, string>;
}

/** What makes two deliveries the same request: its key, and the time that its run id begins with. */
export interface Trigger {
  key: string;
  at: Date;
}

/**
 * The identity of a request. A client's own `requestId` comes first; a Scheduler firing (attribute `schedule`) is known by
 * its job and minute, because Scheduler may publish one firing twice; anything else by its message id, which a redelivery keeps.
 */
export function triggerOf(message: Message, requestId?: string): Trigger {
  const at = new Date(message.publishedAt);
  if (requestId) return { key: `request:${requestId}`, at };
  const { schedule } = message.attributes;
  if (!schedule) return { key: `message:${message.messageId}`, at };
  const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000);
  return { key: `schedule:${schedule}:${minute.toISOString()}`, at: minute };
}

/**
 * `YYYYMMDD-HHMMSS-xxxx`, a function of the trigger alone. Four hexadecimal digits may collide for two requests of one
 * second: the later one is given the id of the next `salt`.
 */
export function runIdOf(trigger: Trigger, salt = 0): string {
  const [date = '', time = ''] = trigger.at.toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  return `${date}-${time}-${sha256(`${salt}:${trigger.key}`).slice(0, 4)}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

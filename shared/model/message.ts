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

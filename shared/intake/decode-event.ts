import { createHash } from 'node:crypto';
import { isMap } from '../is-map.ts';
import type { Message } from '../model/message.ts';

/** What a CloudEvent handler is given. */
export interface Event {
  id?: string;
  time?: string;
  data?: unknown;
  /** A Pub/Sub push that functions-framework did not convert. */
  message?: unknown;
}

interface PubSubMessage {
  data?: string;
  attributes?: Record<string, string>;
  messageId?: string;
  message_id?: string;
  publishTime?: string;
  publish_time?: string;
}

/**
 * The Pub/Sub message in an event, in whichever form it was delivered:
 * Eventarc and functions-framework's own conversion wrap it (`data.message`); a push with attributes only reaches the handler
 * unwrapped, as functions-framework 5 converts a push only when `message.data` is not empty; anything else is kept whole as
 * text, so that it is refused with a reason and not lost.
 */
export function decodeEvent(event: Event, now: Date): Message {
  const found = findMessage(event.data) ?? findMessage(event);
  const { data, attributes, messageId, message_id, publishTime, publish_time } = found ?? {};
  const text = found ? decodeBase64(data) : JSON.stringify(event.data ?? event);
  return {
    messageId: safeId(messageId ?? message_id ?? event.id ?? createHash('sha256').update(text).digest('hex')),
    publishedAt: validTime(publishTime ?? publish_time ?? event.time) ?? now.toISOString(),
    data: text,
    attributes: stringsOf(attributes),
  };
}

function findMessage(data: unknown): PubSubMessage | undefined {
  if (!isMap(data)) return undefined;
  const message = isMap(data.message) ? data.message : data;
  const known = ['messageId', 'message_id', 'attributes', 'publishTime', 'publish_time'];
  return known.some((name) => name in message) || '@type' in message ? (message as PubSubMessage) : undefined;
}

function decodeBase64(data: unknown): string {
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : '';
}

/** A message id becomes part of an object's name. */
function safeId(id: string): string {
  return String(id)
    .replaceAll(/[^A-Za-z0-9_.-]/g, '-')
    .slice(0, 200);
}

function validTime(time: unknown): string | undefined {
  const parsed = new Date(String(time));
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString();
}

function stringsOf(attributes: unknown): Record<string, string> {
  if (!isMap(attributes)) return {};
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
}

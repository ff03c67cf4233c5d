import { durationMs } from '../core/duration.ts';
import { invalid, notImplemented } from '../http/api-error.ts';
import { parseFilter } from './filter.ts';
import type { Message, Subscription, SubscriptionRequest, Topic } from './resources.ts';

/** Limits as published (https://cloud.google.com/pubsub/quotas#resource_limits). */
export const MAX_REQUEST_BYTES = 10_000_000;
const MAX_MESSAGES = 1000;
const MAX_ATTRIBUTES = 100;
const MAX_KEY_BYTES = 256;
const MAX_VALUE_BYTES = 1024;
const MAX_ORDERING_KEY_BYTES = 1024;

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const NAME = /^projects\/([^/]+)\/(topics|subscriptions)\/([^/]+)$/;
/** As JSON has bytes: the standard alphabet or that of URLs, with or without padding. */
const BASE64 = /^[\w+/\-\s]+={0,2}\s*$/;
const SHORT_NAME = /^(?!goog)[A-Za-z][\w\-.~+%]{2,254}$/;

/** Parts of the resources that would change what is delivered; refused, because they would be ignored. */
const NOT_IN_SUBSCRIPTIONS = [
  'bigqueryConfig',
  'bigtableConfig',
  'cloudStorageConfig',
  'messageTransforms',
  'enableExactlyOnceDelivery',
  'retainAckedMessages',
];
const NOT_IN_TOPICS = ['schemaSettings', 'ingestionDataSourceSettings', 'messageTransforms', 'kmsKeyName'];

export function checkName(name: string, collection: 'topics' | 'subscriptions'): void {
  const [, , found, short = ''] = NAME.exec(name) ?? [];
  if (found === collection && SHORT_NAME.test(short)) return;
  throw invalid(
    `${JSON.stringify(name)} is not the name of one of ${collection}: projects/PROJECT/${collection}/NAME, where ` +
      'NAME has 3 to 255 letters, digits or any of -._~+%, starts with a letter and not with "goog".',
  );
}

export function checkTopic(topic: Topic): Topic {
  checkName(topic.name, 'topics');
  refuse(topic, NOT_IN_TOPICS);
  if (topic.messageRetentionDuration !== undefined)
    checkDuration(topic.messageRetentionDuration, 'messageRetentionDuration', 600 * SECOND, 31 * DAY);
  return topic;
}

/** The subscription with its defaults filled in, or a refusal that names the field. */
export function checkSubscription(request: SubscriptionRequest): Subscription {
  checkName(request.name, 'subscriptions');
  refuse(request, NOT_IN_SUBSCRIPTIONS);
  const { retryPolicy, deadLetterPolicy, pushConfig = {}, ...rest } = request;
  const subscription: Subscription = {
    ...rest,
    pushConfig,
    ackDeadlineSeconds: request.ackDeadlineSeconds || 10,
    messageRetentionDuration: request.messageRetentionDuration ?? '604800s',
    expirationPolicy: request.expirationPolicy ?? { ttl: '2678400s' },
    ...(retryPolicy && { retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s', ...retryPolicy } }),
    ...(deadLetterPolicy && {
      deadLetterPolicy: {
        deadLetterTopic: deadLetterPolicy.deadLetterTopic ?? '',
        maxDeliveryAttempts: deadLetterPolicy.maxDeliveryAttempts || 5,
      },
    }),
    state: 'ACTIVE',
  };
  checkRanges(subscription);
  checkPush(subscription);
  parseFilter(subscription.filter ?? '');
  return subscription;
}

function checkRanges(subscription: Subscription): void {
  const { retryPolicy: retry, deadLetterPolicy: dead, expirationPolicy } = subscription;
  checkRange(subscription.ackDeadlineSeconds, 'ackDeadlineSeconds', 10, 600);
  checkDuration(subscription.messageRetentionDuration, 'messageRetentionDuration', 600 * SECOND, 31 * DAY);
  if (expirationPolicy.ttl !== undefined)
    checkDuration(expirationPolicy.ttl, 'expirationPolicy.ttl', DAY, Number.POSITIVE_INFINITY);
  if (retry) {
    const maximum = checkDuration(retry.maximumBackoff, 'retryPolicy.maximumBackoff', 0, 600 * SECOND);
    checkDuration(retry.minimumBackoff, 'retryPolicy.minimumBackoff', 0, maximum);
  }
  if (dead) {
    checkName(dead.deadLetterTopic, 'topics');
    checkRange(dead.maxDeliveryAttempts, 'deadLetterPolicy.maxDeliveryAttempts', 5, 100);
  }
}

function checkPush({ pushConfig }: Subscription): void {
  refuse(pushConfig, ['noWrapper']);
  const endpoint = pushConfig.pushEndpoint;
  if (endpoint && !URL.canParse(endpoint))
    throw invalid(`pushConfig.pushEndpoint ${JSON.stringify(endpoint)} is not a URL.`);
}

/** A publish request as a whole: how many messages, how large, and each one's parts. */
export function checkMessages(messages: Message[]): void {
  if (messages.length === 0) throw invalid('The request holds no messages: give at least one.');
  checkRange(messages.length, 'The number of messages', 1, MAX_MESSAGES);
  const bytes = messages.reduce((sum, message) => sum + messageBytes(message), 0);
  if (bytes > MAX_REQUEST_BYTES)
    throw invalid(
      `The messages have ${bytes} bytes; a request may have ${MAX_REQUEST_BYTES}. Publish fewer at a time.`,
    );
  for (const message of messages) checkMessage(message);
}

function checkMessage({ data, attributes = {}, orderingKey = '' }: Message): void {
  const entries = Object.entries(attributes);
  if (!data && entries.length === 0)
    throw invalid('A message needs data that is not empty, or at least one attribute.');
  if (data && !BASE64.test(data))
    throw invalid(
      `The data of a message is not base64: ${JSON.stringify(data.slice(0, 40))}. Encode it, as clients and gcloud do.`,
    );
  checkRange(entries.length, 'The number of attributes', 0, MAX_ATTRIBUTES);
  for (const [key, value] of entries) {
    if (key === '' || key.startsWith('goog'))
      throw invalid(`The attribute key ${JSON.stringify(key)} is not allowed: empty, or starts with "goog".`);
    checkRange(Buffer.byteLength(key), `The bytes of attribute key ${key.slice(0, 40)}`, 1, MAX_KEY_BYTES);
    checkRange(Buffer.byteLength(value), `The bytes of attribute ${key}`, 0, MAX_VALUE_BYTES);
  }
  checkRange(Buffer.byteLength(orderingKey), 'The bytes of orderingKey', 0, MAX_ORDERING_KEY_BYTES);
}

function messageBytes({ data = '', attributes = {}, orderingKey = '' }: Message): number {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => Buffer.byteLength(key) + Buffer.byteLength(value),
  );
  return (
    Buffer.byteLength(data, 'base64') + Buffer.byteLength(orderingKey) + pairs.reduce((a, b) => a + b, 0)
  );
}

function checkDuration(text: string, field: string, minimum: number, maximum: number): number {
  const ms = durationMs(text, field);
  checkRange(ms / SECOND, `${field} (seconds)`, minimum / SECOND, maximum / SECOND);
  return ms;
}

export function checkRange(value: number, what: string, minimum: number, maximum: number): void {
  if (value >= minimum && value <= maximum) return;
  throw invalid(`${what} is ${value}; it must be from ${minimum} to ${maximum}.`);
}

function refuse(resource: object, fields: string[]): void {
  const given = fields.find((field) => {
    const value: unknown = resource[field as keyof typeof resource];
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  });
  if (given !== undefined) throw notImplemented(`${given} (Pub/Sub)`);
}

/** The resources of Pub/Sub in their JSON form (https://cloud.google.com/pubsub/docs/reference/rest). */

export interface Topic {
  name: string;
  labels?: Record<string, string>;
  messageRetentionDuration?: string;
}

export interface Message {
  /** Base64. */
  data?: string;
  attributes?: Record<string, string>;
  orderingKey?: string;
}

/** A message that the service has accepted. */
export interface PublishedMessage extends Message {
  messageId: string;
  /** RFC 3339. */
  publishTime: string;
}

export interface ReceivedMessage {
  ackId: string;
  message: PublishedMessage;
  /** 1 on the first delivery; only with a dead letter policy. */
  deliveryAttempt?: number;
}

export interface PushConfig {
  /** Absent or empty: messages are pulled. */
  pushEndpoint?: string;
  attributes?: Record<string, string>;
  oidcToken?: { serviceAccountEmail?: string; audience?: string };
}

export interface RetryPolicy {
  minimumBackoff: string;
  maximumBackoff: string;
}

export interface DeadLetterPolicy {
  deadLetterTopic: string;
  maxDeliveryAttempts: number;
}

export interface Subscription {
  name: string;
  /** `_deleted-topic_` once its topic is gone. */
  topic: string;
  pushConfig: PushConfig;
  ackDeadlineSeconds: number;
  messageRetentionDuration: string;
  /** Without `ttl`, the subscription never expires. */
  expirationPolicy: { ttl?: string };
  enableMessageOrdering?: boolean;
  filter?: string;
  deadLetterPolicy?: DeadLetterPolicy;
  retryPolicy?: RetryPolicy;
  labels?: Record<string, string>;
  detached?: boolean;
  state: 'ACTIVE';
}

/** As a client sends it: nothing but the name and the topic is required. */
export type SubscriptionRequest = Pick<Subscription, 'name' | 'topic'> &
  Partial<Omit<Subscription, 'retryPolicy' | 'deadLetterPolicy'>> & {
    retryPolicy?: Partial<RetryPolicy>;
    deadLetterPolicy?: Partial<DeadLetterPolicy>;
  };

export const DELETED_TOPIC = '_deleted-topic_';

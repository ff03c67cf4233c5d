export interface TopicMessage {
  /** JSON text, or nothing for an empty message. */
  data?: string;
  attributes?: Record<string, string>;
}

/** Publishes to one topic. Throws TransientError or PermissionError. */
export interface Topic {
  readonly name: string;
  /** Resolves with the message id that Pub/Sub gave it. */
  publish(message: TopicMessage): Promise<string>;
}

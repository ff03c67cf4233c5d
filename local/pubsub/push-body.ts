import type { PublishedMessage, Subscription } from './resources.ts';

/** The body of a push, with the two spellings that Google sends (https://cloud.google.com/pubsub/docs/push#receive_push). */
export function pushBody(subscription: Subscription, message: PublishedMessage, attempt: number): string {
  return JSON.stringify({
    message: { ...message, message_id: message.messageId, publish_time: message.publishTime },
    subscription: subscription.name,
    ...(subscription.deadLetterPolicy && { deliveryAttempt: attempt }),
  });
}

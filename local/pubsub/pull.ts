import type { CloudClock } from '../core/clock.ts';
import type { Backlog } from './backlog.ts';
import type { Consumer, Delivery } from './delivery.ts';
import type { ReceivedMessage, Subscription } from './resources.ts';

export interface PullOptions {
  maxMessages: number;
  /** How long to wait for a first message, in ms of cloud time; 0 answers at once. */
  waitMs: number;
  clock: CloudClock;
  /** Aborted when nobody waits for the answer any more: then no message is taken. */
  signal: AbortSignal;
}

/** How long a pull waits for a message unless told to return immediately; Google gives no figure. */
export const PULL_WAIT_MS = 5_000;

/** Up to `maxMessages` messages; none if none comes in time. */
export function pull(backlog: Backlog, options: PullOptions): Promise<ReceivedMessage[]> {
  return new Promise((resolve) => {
    const finish = (deliveries: Delivery[]) => {
      cancel();
      backlog.detach(consumer);
      resolve(deliveries.map((delivery) => received(delivery, backlog.subscription)));
    };
    const consumer: Consumer = { limit: options.maxMessages, deliver: finish, end: () => finish([]) };
    const cancel = options.clock.after(options.waitMs, () => finish([]));
    options.signal.addEventListener('abort', () => finish([]), { once: true });
    backlog.attach(consumer);
    if (options.waitMs === 0) finish([]);
  });
}

/** A delivery in the form that pull and streamingPull answer. */
export function received({ ackId, message, attempt }: Delivery, subscription: Subscription): ReceivedMessage {
  return { ackId, message, ...(subscription.deadLetterPolicy && { deliveryAttempt: attempt }) };
}

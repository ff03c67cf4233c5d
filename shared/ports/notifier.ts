import type { Notification } from '../model/notification.ts';

/** How a notification went: `refused` is for good (the channel is gone, the webhook revoked), and says why. */
export type Delivery = { delivered: true } | { delivered: false; refused: string };

/** Tells people. Throws TransientError where a later try may succeed. */
export interface Notifier {
  notify(notification: Notification): Promise<Delivery>;
}

import type { Notification } from '../model/notification.ts';
import type { Status } from '../model/status.ts';

/** How a notification went: `refused` is for good (the channel is gone, the webhook revoked), and says why. */
export type Delivery = { delivered: true } | { delivered: false; refused: string };

/** Sends messages to people. Throws TransientError where a later try may succeed. */
export interface Notifier {
  notify(notification: Notification): Promise<Delivery>;
  /** Brings what people have been told of a run that goes on up to date, where that can be done without telling them anew. */
  show?(status: Status): Promise<void>;
}

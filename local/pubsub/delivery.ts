import type { PublishedMessage } from './resources.ts';

/** One handing over of a message. Whoever got it answers with its `ackId`, or the ack deadline passes. */
export interface Delivery {
  ackId: string;
  message: PublishedMessage;
  /** 1 on the first delivery of the message. */
  attempt: number;
}

/** Whoever takes a subscription's messages: a pull call, a stream, or the sender to a push endpoint. */
export interface Consumer {
  /** How many messages it may hold unanswered. */
  limit: number;
  /** Instead of the subscription's own. */
  ackDeadlineSeconds?: number;
  deliver(deliveries: Delivery[]): void;
  /** The subscription was deleted or detached: nothing comes any more. */
  end?(): void;
}

/** What became of a delivery, for the log of the traffic. */
export interface DeliveryEvent {
  kind:
    | 'delivered'
    | 'acknowledged'
    /** Refused by the subscriber; it will be delivered again. */
    | 'nacked'
    /** The ack deadline passed; it will be delivered again. */
    | 'timed-out'
    | 'dead-lettered'
    /** Older than the subscription's message retention. */
    | 'expired'
    /** By a fault on demand. */
    | 'lost'
    | 'delayed';
  subscription: string;
  messageId: string;
  attempt: number;
  /** Why, where there is more to say: the push endpoint's answer, the dead letter topic. */
  detail?: string;
}

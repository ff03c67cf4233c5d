import { randomUUID } from 'node:crypto';
import type { CloudClock } from '../core/clock.ts';
import { durationMs } from '../core/duration.ts';
import type { Faults } from '../core/faults.ts';
import { backoffMs } from './backoff.ts';
import { Consumers } from './consumers.ts';
import { Deadlines } from './deadlines.ts';
import type { Consumer, Delivery, DeliveryEvent } from './delivery.ts';
import type { Entry, Journal } from './journal.ts';
import { ReadyQueue } from './ready-queue.ts';
import type { PublishedMessage, Subscription } from './resources.ts';

export interface BacklogContext {
  clock: CloudClock;
  faults: Faults;
  journal: Journal;
  /** Publishes the message to the dead letter topic; false if that is not possible. */
  deadLetter(subscription: Subscription, entry: Entry): boolean;
  onDelivery(event: DeliveryEvent): void;
}

interface Lease {
  ackId: string;
  entry: Entry;
  consumer: Consumer;
}

const DELIVERY_FAULTS = ['lose', 'duplicate', 'delay'];

/**
 * What one subscription owes its subscribers, and who holds what of it. A message is ready, leased to a consumer until
 * its ack deadline, or waiting for its backoff to pass; it leaves when it is acknowledged, dead-lettered or too old.
 */
export class Backlog {
  subscription: Subscription;
  readonly #context: BacklogContext;
  readonly #ready: ReadyQueue;
  readonly #leases = new Map<string, Lease>();
  readonly #ackDeadlines: Deadlines<Lease>;
  readonly #backoffs: Deadlines<Entry>;
  readonly #consumers = new Consumers();

  constructor(subscription: Subscription, context: BacklogContext) {
    this.subscription = subscription;
    this.#context = context;
    this.#ackDeadlines = new Deadlines(context.clock, (leases) => this.#timeOut(leases));
    this.#backoffs = new Deadlines(context.clock, (entries) => this.#giveBack(entries));
    this.#ready = new ReadyQueue(subscription.enableMessageOrdering ?? false);
    for (const entry of context.journal.owedBy(subscription.name)) this.#ready.add(entry);
  }

  /** A message that was just published, and that the journal holds. */
  offer(message: PublishedMessage): void {
    this.#ready.add({ message, failures: 0 });
    this.#dispatch();
  }

  attach(consumer: Consumer): void {
    this.#consumers.add(consumer);
    this.#dispatch();
  }

  /** What the consumer holds stays with it until the ack deadline. */
  detach(consumer: Consumer): void {
    this.#consumers.remove(consumer);
  }

  /** False if the id is not known (any more): then the message may be delivered again. */
  acknowledge(ackId: string): boolean {
    const lease = this.#release(ackId);
    if (!lease) return false;
    this.#settle(lease.entry, 'acknowledged');
    this.#dispatch();
    return true;
  }

  /** Hands the message back, to be delivered again after its backoff. */
  nack(ackId: string, detail?: string): void {
    const lease = this.#release(ackId);
    if (!lease) return;
    this.#fail(lease.entry, 'nacked', detail);
    this.#dispatch();
  }

  /** The lease ends `seconds` from now; 0 is a nack. */
  modifyAckDeadline(ackId: string, seconds: number): void {
    const lease = this.#leases.get(ackId);
    if (seconds === 0) this.nack(ackId);
    else if (lease) this.#ackDeadlines.set(lease, seconds * 1000);
  }

  /** Drops every message, and sends its consumers away. */
  purge(): void {
    this.#context.journal.drop(this.subscription.name);
    this.#consumers.end();
    this.#ready.clear();
    this.close();
  }

  /** Stops delivering; what is undelivered stays in the journal. */
  close(): void {
    this.#consumers.clear();
    this.#leases.clear();
    this.#ackDeadlines.clear();
    this.#backoffs.clear();
  }

  #dispatch(): void {
    const batches = new Map<Consumer, Delivery[]>();
    for (let consumer = this.#consumers.idlest(); consumer; consumer = this.#consumers.idlest()) {
      const entry = this.#ready.take();
      if (!entry) break;
      const batch = batches.get(consumer) ?? [];
      batch.push(...this.#lease(entry, consumer));
      batches.set(consumer, batch);
    }
    for (const [consumer, batch] of batches) if (batch.length > 0) consumer.deliver(batch);
  }

  /** The deliveries of the entry to make now: one, or as many as a fault on demand or the message's age leaves. */
  #lease(entry: Entry, consumer: Consumer): Delivery[] {
    if (this.#tooOld(entry)) {
      this.#settle(entry, 'expired');
      return [];
    }
    const fault = this.#context.faults.strike('pubsub.deliver', this.subscription.name, DELIVERY_FAULTS);
    if (fault?.kind === 'lose') {
      this.#settle(entry, 'lost');
      return [];
    }
    if (fault?.kind === 'delay') {
      this.#observe(entry, 'delayed');
      this.#wait(entry, fault.delayMs ?? 1000);
      return [];
    }
    const delivery = this.#grant(entry, consumer);
    return fault?.kind === 'duplicate' ? [delivery, delivery] : [delivery];
  }

  #grant(entry: Entry, consumer: Consumer): Delivery {
    const lease = { ackId: randomUUID(), entry, consumer };
    const seconds = consumer.ackDeadlineSeconds ?? this.subscription.ackDeadlineSeconds;
    this.#leases.set(lease.ackId, lease);
    this.#ackDeadlines.set(lease, seconds * 1000);
    this.#consumers.count(consumer, 1);
    this.#observe(entry, 'delivered');
    return { ackId: lease.ackId, message: entry.message, attempt: entry.failures + 1 };
  }

  #release(ackId: string): Lease | undefined {
    const lease = this.#leases.get(ackId);
    if (!lease) return undefined;
    this.#leases.delete(ackId);
    this.#ackDeadlines.delete(lease);
    this.#consumers.count(lease.consumer, -1);
    return lease;
  }

  #fail(entry: Entry, kind: 'nacked' | 'timed-out', detail?: string): void {
    this.#observe(entry, kind, detail);
    entry.failures += 1;
    const policy = this.subscription.deadLetterPolicy;
    const exhausted = policy !== undefined && entry.failures >= policy.maxDeliveryAttempts;
    if (exhausted && this.#context.deadLetter(this.subscription, entry)) {
      this.#settle(entry, 'dead-lettered', policy.deadLetterTopic);
    } else {
      this.#context.journal.fail(this.subscription.name, entry);
      this.#wait(entry, backoffMs(this.subscription, entry.failures));
    }
  }

  #wait(entry: Entry, ms: number): void {
    if (ms === 0) this.#ready.giveBack(entry);
    else this.#backoffs.set(entry, ms);
  }

  #timeOut(leases: Lease[]): void {
    for (const { ackId, entry } of leases) {
      this.#release(ackId);
      this.#fail(entry, 'timed-out');
    }
    this.#dispatch();
  }

  #giveBack(entries: Entry[]): void {
    for (const entry of entries) this.#ready.giveBack(entry);
    this.#dispatch();
  }

  #settle(entry: Entry, kind: DeliveryEvent['kind'], detail?: string): void {
    this.#context.journal.settle(this.subscription.name, entry.message.messageId);
    this.#ready.finish(entry);
    this.#observe(entry, kind, detail);
  }

  #tooOld({ message }: Entry): boolean {
    const age = this.#context.clock.now().getTime() - Date.parse(message.publishTime);
    return age > durationMs(this.subscription.messageRetentionDuration, 'messageRetentionDuration');
  }

  #observe({ message, failures }: Entry, kind: DeliveryEvent['kind'], detail?: string): void {
    this.#context.onDelivery({
      kind,
      subscription: this.subscription.name,
      messageId: message.messageId,
      attempt: kind === 'dead-lettered' ? failures : failures + 1,
      ...(detail !== undefined && { detail }),
    });
  }
}

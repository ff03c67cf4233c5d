import { durationMs } from '../core/duration.ts';
import type { AgentMay } from './access.ts';
import { Backlog, type BacklogContext } from './backlog.ts';
import { type Filter, parseFilter } from './filter.ts';
import { PushSender } from './push-sender.ts';
import type { PublishedMessage, Subscription } from './resources.ts';

export interface ActiveContext extends BacklogContext {
  /** How many pushes of one subscription may be under way at once. */
  pushConcurrency: number;
  agentMay: AgentMay;
}

/** A subscription at work: its backlog, and the sender to its push endpoint if it has one. */
export class ActiveSubscription {
  readonly backlog: Backlog;
  readonly #context: ActiveContext;
  readonly #filter: Filter;
  #sender: PushSender | undefined;
  /** Cloud time, ms, of the last sign of life, from which its expiration counts. */
  #usedAt: number;

  constructor(subscription: Subscription, context: ActiveContext) {
    this.#context = context;
    this.#filter = parseFilter(subscription.filter ?? '');
    this.#usedAt = this.#now();
    this.backlog = new Backlog(subscription, context);
    this.#connect();
  }

  get settings(): Subscription {
    return this.backlog.subscription;
  }

  change(settings: Subscription): void {
    this.backlog.subscription = settings;
    this.#connect();
  }

  /** Somebody has asked for it, or has taken a message from it. */
  use(): void {
    this.#usedAt = this.#now();
  }

  /** Whether nobody has used it for the time of its expiration policy. */
  hasExpired(): boolean {
    const { ttl } = this.settings.expirationPolicy;
    return ttl !== undefined && this.#now() - this.#usedAt > durationMs(ttl, 'expirationPolicy.ttl');
  }

  isAttachedTo(topic: string): boolean {
    return this.settings.topic === topic && !this.settings.detached;
  }

  wants({ attributes = {} }: PublishedMessage): boolean {
    return this.#filter(attributes);
  }

  /** Drops every message and sends its consumers away. */
  end(): void {
    this.#disconnect();
    this.backlog.purge();
  }

  /** Stops delivering; what is undelivered stays in the journal. */
  close(): void {
    this.#disconnect();
    this.backlog.close();
  }

  /** Gives it the sender that its settings ask for: one, or none. */
  #connect(): void {
    const { pushConfig, detached } = this.settings;
    const { clock, agentMay, pushConcurrency: limit } = this.#context;
    if (!pushConfig.pushEndpoint || detached) this.#disconnect();
    else
      this.#sender ??= new PushSender(this.backlog, { clock, limit, agentMay, onSuccess: () => this.use() });
  }

  #disconnect(): void {
    this.#sender?.close();
    this.#sender = undefined;
  }

  #now(): number {
    return this.#context.clock.now().getTime();
  }
}

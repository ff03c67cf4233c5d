import { conditionNotMet, conflict, invalid, notFound } from '../http/api-error.ts';
import { applyMask, maskPaths } from '../http/field-mask.ts';
import { type Page, page } from '../http/paging.ts';
import { type ActiveContext, ActiveSubscription } from './active-subscription.ts';
import type { Backlog } from './backlog.ts';
import { checkSubscription } from './limits.ts';
import type { Policies } from './policies.ts';
import type { ResourceFile } from './resource-file.ts';
import {
  DELETED_TOPIC,
  type PublishedMessage,
  type PushConfig,
  type Subscription,
  type SubscriptionRequest,
} from './resources.ts';

export interface SubscriptionsContext extends ActiveContext {
  file: ResourceFile;
  policies: Policies;
}

/** What cannot be changed after creation, as on Google Cloud. */
const IMMUTABLE = ['name', 'topic', 'filter', 'enableMessageOrdering', 'detached', 'state'];

/** The subscriptions by name: their settings on disk, each at work. */
export class Subscriptions {
  readonly #context: SubscriptionsContext;
  readonly #active = new Map<string, ActiveSubscription>();

  constructor(context: SubscriptionsContext) {
    this.#context = context;
    for (const subscription of Object.values(context.file.value.subscriptions)) this.#activate(subscription);
  }

  create(request: SubscriptionRequest): Subscription {
    const subscription = checkSubscription(request);
    this.#expire();
    if (this.#active.has(subscription.name))
      throw conflict(`Subscription ${subscription.name} exists already.`);
    this.#requireTopic(subscription.topic);
    this.#requireTopic(subscription.deadLetterPolicy?.deadLetterTopic);
    this.#save(subscription);
    this.#activate(subscription);
    return subscription;
  }

  /** Creates the subscription, or gives it the settings of the request. One of another topic is made anew. */
  ensure(request: SubscriptionRequest): Subscription {
    const current = this.#active.get(request.name);
    if (current && current.settings.topic !== request.topic) this.#remove(current);
    if (!this.#active.has(request.name)) return this.create(request);
    const mutable = Object.keys(request).filter((field) => !IMMUTABLE.includes(field));
    return this.update(request, mutable);
  }

  get(name: string): Subscription {
    return this.#require(name).settings;
  }

  update(
    changes: Partial<SubscriptionRequest> & { name: string },
    updateMask: string | string[],
  ): Subscription {
    const active = this.#require(changes.name);
    const paths = maskPaths(updateMask);
    const immutable = paths.find((path) => IMMUTABLE.includes(path));
    if (immutable)
      throw invalid(`${immutable} of a subscription cannot be changed: create another subscription.`);
    const current: SubscriptionRequest = active.settings;
    const subscription = checkSubscription(applyMask(current, changes, paths));
    this.#requireTopic(subscription.deadLetterPolicy?.deadLetterTopic);
    this.#save(subscription);
    active.change(subscription);
    return subscription;
  }

  modifyPushConfig(name: string, pushConfig: PushConfig): void {
    this.update({ name, pushConfig }, ['pushConfig']);
  }

  list(project: string, pageSize?: number, pageToken?: string): Page<Subscription> {
    this.#expire();
    const all = [...this.#active.values()].map(({ settings }) => settings);
    const ours = all.filter(({ name }) => name.startsWith(`${project}/subscriptions/`));
    return page(ours, ({ name }) => name, pageSize, pageToken);
  }

  delete(name: string): void {
    this.#remove(this.#require(name));
  }

  /** From now on it gets no messages, and those that it has are dropped. */
  detach(name: string): void {
    const active = this.#require(name);
    active.settings.detached = true;
    active.end();
    this.#context.file.save();
  }

  /** The backlog, for somebody who wants to pull from it. */
  pullable(name: string): Backlog {
    const { backlog } = this.#require(name);
    const { detached, pushConfig } = backlog.subscription;
    if (detached)
      throw conditionNotMet(`Subscription ${name} is detached from its topic: create another one.`);
    if (pushConfig.pushEndpoint)
      throw conditionNotMet(
        `Subscription ${name} pushes to ${pushConfig.pushEndpoint}, so it cannot be pulled.`,
      );
    return backlog;
  }

  /** The backlog, for somebody who answers for messages that he has. */
  backlog(name: string): Backlog {
    return this.#require(name).backlog;
  }

  /** The names of the subscriptions that get the topic's messages. */
  attachedTo(topic: string): string[] {
    return this.#attached(topic).map(({ settings }) => settings.name);
  }

  /** The backlogs of the topic's subscriptions whose filter lets the message pass. */
  wanting(topic: string, message: PublishedMessage): Backlog[] {
    const wanting = this.#attached(topic).filter((active) => active.wants(message));
    return wanting.map(({ backlog }) => backlog);
  }

  /** The topic is gone; its subscriptions stay, with what they owe. */
  orphan(topic: string): void {
    for (const { settings } of this.#attached(topic)) settings.topic = DELETED_TOPIC;
    this.#context.file.save();
  }

  close(): void {
    for (const active of this.#active.values()) active.close();
  }

  #activate(subscription: Subscription): void {
    this.#active.set(subscription.name, new ActiveSubscription(subscription, this.#context));
  }

  #require(name: string): ActiveSubscription {
    this.#expire();
    const active = this.#active.get(name);
    active?.use();
    if (active) return active;
    const short = name.split('/').at(-1);
    throw notFound(
      `Subscription ${name} does not exist. Create it with: gcloud pubsub subscriptions create ${short} --topic=TOPIC`,
    );
  }

  #attached(topic: string): ActiveSubscription[] {
    this.#expire();
    return [...this.#active.values()].filter((active) => active.isAttachedTo(topic));
  }

  #remove(active: ActiveSubscription): void {
    const { name } = active.settings;
    const { file, policies } = this.#context;
    active.end();
    this.#active.delete(name);
    delete file.value.subscriptions[name];
    policies.delete(name);
    file.save();
  }

  #expire(): void {
    for (const active of this.#active.values()) if (active.hasExpired()) this.#remove(active);
  }

  #requireTopic(topic: string | undefined): void {
    if (topic === undefined || this.#context.file.value.topics[topic]) return;
    const short = topic.split('/').at(-1);
    throw notFound(`Topic ${topic} does not exist. Create it with: gcloud pubsub topics create ${short}`);
  }

  #save(subscription: Subscription): void {
    this.#context.file.value.subscriptions[subscription.name] = subscription;
    this.#context.file.save();
  }
}

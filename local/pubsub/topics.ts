import type { CloudClock } from '../core/clock.ts';
import { conflict, invalid, notFound } from '../http/api-error.ts';
import { applyMask, maskPaths } from '../http/field-mask.ts';
import { type Page, page } from '../http/paging.ts';
import { type AgentMay, pubsubResource } from './access.ts';
import type { Entry, Journal } from './journal.ts';
import { checkMessages, checkTopic } from './limits.ts';
import type { Policies } from './policies.ts';
import type { ResourceFile } from './resource-file.ts';
import type { Message, PublishedMessage, Subscription, Topic } from './resources.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface TopicsContext {
  clock: CloudClock;
  file: ResourceFile;
  policies: Policies;
  agentMay: AgentMay;
  journal: Journal;
  subscriptions: Subscriptions;
}

/** The topics, and the way of a message from its publisher to the subscriptions that owe it to somebody. */
export class Topics {
  readonly #context: TopicsContext;
  #lastId: number;

  constructor(context: TopicsContext) {
    this.#context = context;
    this.#lastId = context.journal.lastId;
  }

  create(request: Topic): Topic {
    const topic = checkTopic(request);
    const { topics } = this.#context.file.value;
    if (topics[topic.name]) throw conflict(`Topic ${topic.name} exists already.`);
    topics[topic.name] = topic;
    this.#context.file.save();
    return topic;
  }

  /** Creates the topic unless it exists. */
  ensure(name: string): Topic {
    return this.#context.file.value.topics[name] ?? this.create({ name });
  }

  get(name: string): Topic {
    const topic = this.#context.file.value.topics[name];
    if (topic) return topic;
    const short = name.split('/').at(-1);
    throw notFound(`Topic ${name} does not exist. Create it with: gcloud pubsub topics create ${short}`);
  }

  update(changes: Topic, updateMask: string | string[]): Topic {
    const current = this.get(changes.name);
    const paths = maskPaths(updateMask);
    if (paths.includes('name')) throw invalid("A topic's name cannot be changed.");
    const topic = checkTopic(applyMask(current, changes, paths));
    this.#context.file.value.topics[topic.name] = topic;
    this.#context.file.save();
    return topic;
  }

  list(project: string, pageSize?: number, pageToken?: string): Page<Topic> {
    const all = Object.values(this.#context.file.value.topics);
    const ours = all.filter(({ name }) => name.startsWith(`${project}/topics/`));
    return page(ours, ({ name }) => name, pageSize, pageToken);
  }

  /** Names of the subscriptions that are attached to the topic. */
  subscriptionsOf(name: string, pageSize?: number, pageToken?: string): Page<string> {
    this.get(name);
    return page(
      this.#context.subscriptions.attachedTo(name),
      (subscription) => subscription,
      pageSize,
      pageToken,
    );
  }

  /** Its subscriptions stay, with what they owe. */
  delete(name: string): void {
    this.get(name);
    delete this.#context.file.value.topics[name];
    this.#context.policies.delete(name);
    this.#context.subscriptions.orphan(name);
  }

  /** The new messages' ids. The messages are on disk when this returns. */
  publish(topic: string, messages: Message[]): string[] {
    this.get(topic);
    checkMessages(messages);
    return messages.map((message) => this.#accept(topic, message));
  }

  /** Publishes to the subscription's dead letter topic. False if that topic is gone, or Pub/Sub may not: then delivery goes on. */
  deadLetter({ name, deadLetterPolicy }: Subscription, { message, failures }: Entry): boolean {
    const target = deadLetterPolicy?.deadLetterTopic ?? '';
    const { file, agentMay } = this.#context;
    if (!file.value.topics[target]) return false;
    // https://cloud.google.com/pubsub/docs/handling-failures#grant_forwarding_permissions
    const mayPublish = agentMay('pubsub.topics.publish', pubsubResource(target));
    if (!mayPublish || !agentMay('pubsub.subscriptions.consume', pubsubResource(name))) return false;
    const [, project = '', , short = ''] = name.split('/');
    const { data, orderingKey } = message;
    this.#accept(target, {
      ...(data !== undefined && { data }),
      ...(orderingKey !== undefined && { orderingKey }),
      attributes: {
        ...message.attributes,
        CloudPubSubDeadLetterSourceDeliveryCount: String(failures),
        CloudPubSubDeadLetterSourceSubscription: short,
        CloudPubSubDeadLetterSourceSubscriptionProject: project,
        CloudPubSubDeadLetterSourceTopicPublishTime: message.publishTime,
      },
    });
    return true;
  }

  #accept(topic: string, { data, attributes, orderingKey }: Message): string {
    const message: PublishedMessage = {
      ...(data && { data }),
      ...(attributes && Object.keys(attributes).length > 0 && { attributes }),
      ...(orderingKey && { orderingKey }),
      messageId: this.#nextId(),
      publishTime: this.#context.clock.now().toISOString(),
    };
    const owing = this.#context.subscriptions.wanting(topic, message);
    const names = owing.map(({ subscription }) => subscription.name);
    if (names.length > 0) this.#context.journal.accept(message, names);
    for (const backlog of owing) backlog.offer(message);
    return message.messageId;
  }

  /** Microseconds of real time, made greater than every id before. */
  #nextId(): string {
    this.#lastId = Math.max(this.#lastId + 1, Date.now() * 1000);
    return String(this.#lastId);
  }
}

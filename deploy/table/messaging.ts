import type { Config } from '../../shared/config/schema.ts';
import { FUNCTIONS } from '../../shared/model/functions.ts';
import { TOPICS } from '../../shared/model/topics.ts';
import { emailOf, PUSH_ACCOUNT } from './names.ts';
import { idOf, type ResourceOf, type SubscriptionProperties } from './resource.ts';

/** As long as Pub/Sub lets a push take; a function may take 540 s (https://cloud.google.com/pubsub/docs/push). */
const ACK_DEADLINE_SECONDS = 600;
const RETENTION_SECONDS = 7 * 86_400;
const DELIVERY_ATTEMPTS = 20;

const WHY: Record<string, string> = {
  [TOPICS.run]: 'requests to start or cancel a run',
  [TOPICS.finished]: 'the VM reports completions',
  [TOPICS.sweep]: 'starts the sweep every ten minutes',
  [TOPICS.deadLetter]: 'keeps messages that could not be handled',
};

export function topics(): ResourceOf<'topic'>[] {
  return Object.values(TOPICS).map((name) => ({
    kind: 'topic',
    name,
    properties: {},
    input: {},
    dependsOn: ['api pubsub.googleapis.com'],
    why: WHY[name] ?? '',
  }));
}

/** A push subscription per function, and one that keeps dead letters: a topic without any forgets its messages. */
export function subscriptions({ project }: Config): ResourceOf<'subscription'>[] {
  const account = emailOf(PUSH_ACCOUNT, project);
  const pushes = FUNCTIONS.map(({ name, topic }) =>
    subscription(name, `delivers ${topic} to ${name}`, [`function ${name}`, `account ${PUSH_ACCOUNT}`], {
      topic,
      deadLetter: { topic: TOPICS.deadLetter, attempts: DELIVERY_ATTEMPTS },
      retry: { minimum: 10, maximum: 600 },
      push: { function: name, account },
    }),
  );
  const deadLetters = subscription(TOPICS.deadLetter, 'keeps dead letters', [], {
    topic: TOPICS.deadLetter,
    deadLetter: null,
    retry: null,
    push: null,
  });
  return [...pushes, deadLetters];
}

type Delivery = Pick<SubscriptionProperties, 'topic' | 'deadLetter' | 'retry' | 'push'>;

/** It never expires: 31 days without a message are nothing to a weekly or paused system. */
function subscription(
  name: string,
  why: string,
  needs: string[],
  { topic, deadLetter, retry, push }: Delivery,
): ResourceOf<'subscription'> {
  const topicIds = [topic, ...(deadLetter ? [deadLetter.topic] : [])].map((each) =>
    idOf({ kind: 'topic', name: each }),
  );
  return {
    kind: 'subscription',
    name,
    properties: {
      topic,
      ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
      retentionSeconds: RETENTION_SECONDS,
      expires: 'never',
      retry,
      deadLetter,
      push,
    },
    input: {},
    dependsOn: ['api pubsub.googleapis.com', ...topicIds, ...needs],
    why,
  };
}

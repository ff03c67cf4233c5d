import type { PubSub, protos } from '@google-cloud/pubsub';
import { NotFoundError } from '../../shared/errors.ts';
import { topicName } from '../../shared/model/topics.ts';
import type { Provider } from '../plan/provider.ts';
import type { Push, SubscriptionProperties } from '../table/resource.ts';
import { mapErrors } from './map-errors.ts';
import { ignoreNotFound } from './with-deadline.ts';

type ISubscription = protos.google.pubsub.v1.ISubscription;

/** The URL of a function; undefined where there is none yet. */
export type FunctionUrl = (name: string) => Promise<string | undefined>;

/** Subscriptions (https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions). */
export function subscriptionProvider(
  pubsub: PubSub,
  project: string,
  functionUrl: FunctionUrl,
): Provider<'subscription'> {
  return {
    async read({ name, properties }) {
      const found = await ignoreNotFound(`read subscription ${name}`, () =>
        pubsub.subscription(name).getMetadata(),
      );
      return found && propertiesOf(found[0], await pushConfig(properties), properties.push);
    },
    create: ({ name, properties }) => create(name, properties),
    /** The topic of a subscription cannot be changed: one of another topic makes way, with what it has not delivered yet. */
    async update({ name, properties }, observed) {
      const subscription = pubsub.subscription(name);
      if (observed.topic !== properties.topic) {
        await mapErrors(`delete subscription ${name}`, () => subscription.delete());
        return create(name, properties);
      }
      const pushConfig = await requiredPush(properties);
      await mapErrors(`change subscription ${name}`, () => subscription.setMetadata(bodyOf(properties)));
      await mapErrors(`change the push of subscription ${name}`, () =>
        subscription.modifyPushConfig(pushConfig),
      );
    },
    async remove({ name }) {
      await ignoreNotFound(`delete subscription ${name}`, () => pubsub.subscription(name).delete());
    },
  };

  async function create(name: string, properties: SubscriptionProperties): Promise<void> {
    const options = { ...bodyOf(properties), pushConfig: await requiredPush(properties) };
    await mapErrors(`create subscription ${name}`, () =>
      pubsub.topic(properties.topic).createSubscription(name, options),
    );
  }

  /** Empty where nothing is pushed. Throws NotFoundError where the function is missing. */
  async function requiredPush(properties: SubscriptionProperties): Promise<PushConfig | object> {
    const config = await pushConfig(properties);
    if (config || !properties.push) return config ?? {};
    throw new NotFoundError(`The function ${properties.push.function} has no URL yet.`);
  }

  /** The path tells the functions framework what topic an event is of; the audience is what Cloud Run checks the token for. */
  async function pushConfig({ push, topic }: SubscriptionProperties): Promise<PushConfig | undefined> {
    if (!push?.function) return undefined;
    const url = await functionUrl(push.function);
    if (!url) return undefined;
    return {
      pushEndpoint: `${url}/${topicName(project, topic)}`,
      oidcToken: { serviceAccountEmail: push.account, audience: url },
    };
  }

  /** All of it: what is not wanted is named as well, without a value, since an update changes only what its body names. */
  function bodyOf(properties: SubscriptionProperties) {
    const { ackDeadlineSeconds, retentionSeconds, retry, deadLetter } = properties;
    return {
      ackDeadlineSeconds,
      messageRetentionDuration: { seconds: retentionSeconds },
      expirationPolicy: {},
      retryPolicy: retry && {
        minimumBackoff: { seconds: retry.minimum },
        maximumBackoff: { seconds: retry.maximum },
      },
      deadLetterPolicy: deadLetter && {
        deadLetterTopic: topicName(project, deadLetter.topic),
        maxDeliveryAttempts: deadLetter.attempts,
      },
    };
  }
}

interface PushConfig {
  pushEndpoint: string;
  oidcToken: { serviceAccountEmail: string; audience: string };
}

function propertiesOf(
  metadata: ISubscription,
  wantedConfig: PushConfig | undefined,
  wanted: Push | null,
): SubscriptionProperties {
  const { topic, ackDeadlineSeconds, messageRetentionDuration, expirationPolicy } = metadata;
  const { retryPolicy, deadLetterPolicy } = metadata;
  const ttl = expirationPolicy?.ttl;
  return {
    topic: lastOf(topic),
    ackDeadlineSeconds: ackDeadlineSeconds ?? 0,
    retentionSeconds: secondsOf(messageRetentionDuration),
    expires: ttl && secondsOf(ttl) > 0 ? String(secondsOf(ttl)) : 'never',
    retry: retryPolicy
      ? { minimum: secondsOf(retryPolicy.minimumBackoff), maximum: secondsOf(retryPolicy.maximumBackoff) }
      : null,
    deadLetter: deadLetterPolicy
      ? {
          topic: lastOf(deadLetterPolicy.deadLetterTopic),
          attempts: deadLetterPolicy.maxDeliveryAttempts ?? 0,
        }
      : null,
    push: pushOf(metadata, wantedConfig, wanted),
  };
}

function pushOf(
  { pushConfig }: ISubscription,
  config: PushConfig | undefined,
  wanted: Push | null,
): Push | null {
  if (!pushConfig?.pushEndpoint) return null;
  const account = pushConfig.oidcToken?.serviceAccountEmail ?? 'nobody';
  const isOurs =
    pushConfig.pushEndpoint === config?.pushEndpoint &&
    pushConfig.oidcToken?.audience === config.oidcToken.audience;
  if (isOurs && wanted?.function) return { function: wanted.function, account };
  return { endpoint: pushConfig.pushEndpoint, account };
}

/** Durations come as seconds and nanoseconds, and 64-bit numbers as text or objects. */
function secondsOf(duration: { seconds?: unknown } | string | number | null | undefined): number {
  if (typeof duration === 'number') return duration;
  if (typeof duration === 'string') return Number.parseFloat(duration);
  return Number(duration?.seconds ?? 0);
}

const lastOf = (name: string | null | undefined) => name?.split('/').at(-1) ?? '';

import { checkRange } from './limits.ts';
import {
  type Listing,
  listing,
  type Operation,
  PROJECT,
  required,
  SUBSCRIPTION,
  unary,
} from './operation.ts';
import { PULL_WAIT_MS, pull } from './pull.ts';
import type { PushConfig, SubscriptionRequest } from './resources.ts';

interface AckIds {
  subscription: string;
  ackIds?: string[];
}

export const subscriptionOperations: Operation[] = [
  unary(
    'subscriptions.create',
    'Subscriber.CreateSubscription',
    'PUT',
    `:name${SUBSCRIPTION}`,
    ({ subscriptions }, request: SubscriptionRequest) => subscriptions.create(request),
  ),
  unary(
    'subscriptions.get',
    'Subscriber.GetSubscription',
    'GET',
    `:subscription${SUBSCRIPTION}`,
    ({ subscriptions }, r: { subscription: string }) => subscriptions.get(r.subscription),
  ),
  {
    ...unary(
      'subscriptions.patch',
      'Subscriber.UpdateSubscription',
      'PATCH',
      `:name${SUBSCRIPTION}`,
      ({ subscriptions }, r: { subscription: SubscriptionRequest; updateMask?: string | string[] }) =>
        subscriptions.update(r.subscription, required(r.updateMask, 'updateMask')),
    ),
    nameOf: 'subscription',
  },
  unary(
    'subscriptions.list',
    'Subscriber.ListSubscriptions',
    'GET',
    `:project${PROJECT}/subscriptions`,
    ({ subscriptions }, r: Listing & { project: string }) =>
      listing('subscriptions', subscriptions.list(r.project, r.pageSize, r.pageToken)),
  ),
  unary(
    'subscriptions.delete',
    'Subscriber.DeleteSubscription',
    'DELETE',
    `:subscription${SUBSCRIPTION}`,
    ({ subscriptions }, r: { subscription: string }) => subscriptions.delete(r.subscription),
  ),
  unary(
    'subscriptions.detach',
    'Publisher.DetachSubscription',
    'POST',
    `:subscription${SUBSCRIPTION}\\:detach`,
    ({ subscriptions }, r: { subscription: string }) => subscriptions.detach(r.subscription),
  ),
  unary(
    'subscriptions.modifyPushConfig',
    'Subscriber.ModifyPushConfig',
    'POST',
    `:subscription${SUBSCRIPTION}\\:modifyPushConfig`,
    ({ subscriptions }, r: { subscription: string; pushConfig?: PushConfig }) =>
      subscriptions.modifyPushConfig(r.subscription, r.pushConfig ?? {}),
  ),
  unary(
    'subscriptions.pull',
    'Subscriber.Pull',
    'POST',
    `:subscription${SUBSCRIPTION}\\:pull`,
    async (
      { subscriptions, clock },
      r: { subscription: string; maxMessages?: number; returnImmediately?: boolean },
      { signal },
    ) => {
      const backlog = subscriptions.pullable(r.subscription);
      const maxMessages = r.maxMessages ?? 0;
      checkRange(maxMessages, 'maxMessages', 1, Number.MAX_SAFE_INTEGER);
      const waitMs = r.returnImmediately ? 0 : PULL_WAIT_MS;
      return { receivedMessages: await pull(backlog, { maxMessages, waitMs, clock, signal }) };
    },
  ),
  unary(
    'subscriptions.acknowledge',
    'Subscriber.Acknowledge',
    'POST',
    `:subscription${SUBSCRIPTION}\\:acknowledge`,
    ({ subscriptions }, { subscription, ackIds }: AckIds) => {
      const backlog = subscriptions.backlog(subscription);
      for (const ackId of required(ackIds, 'ackIds')) backlog.acknowledge(ackId);
    },
  ),
  unary(
    'subscriptions.modifyAckDeadline',
    'Subscriber.ModifyAckDeadline',
    'POST',
    `:subscription${SUBSCRIPTION}\\:modifyAckDeadline`,
    (
      { subscriptions },
      { subscription, ackIds, ackDeadlineSeconds = 0 }: AckIds & { ackDeadlineSeconds?: number },
    ) => {
      checkRange(ackDeadlineSeconds, 'ackDeadlineSeconds', 0, 600);
      const backlog = subscriptions.backlog(subscription);
      for (const ackId of required(ackIds, 'ackIds')) backlog.modifyAckDeadline(ackId, ackDeadlineSeconds);
    },
  ),
];

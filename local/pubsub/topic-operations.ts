import { type Listing, listing, type Operation, PROJECT, required, TOPIC, unary } from './operation.ts';
import type { Message, Topic } from './resources.ts';

export const topicOperations: Operation[] = [
  unary('topics.create', 'Publisher.CreateTopic', 'PUT', `:name${TOPIC}`, ({ topics }, topic: Topic) =>
    topics.create(topic),
  ),
  unary('topics.get', 'Publisher.GetTopic', 'GET', `:topic${TOPIC}`, ({ topics }, r: { topic: string }) =>
    topics.get(r.topic),
  ),
  {
    ...unary(
      'topics.patch',
      'Publisher.UpdateTopic',
      'PATCH',
      `:name${TOPIC}`,
      ({ topics }, r: { topic: Topic; updateMask?: string | string[] }) =>
        topics.update(r.topic, required(r.updateMask, 'updateMask')),
    ),
    nameOf: 'topic',
  },
  unary(
    'topics.list',
    'Publisher.ListTopics',
    'GET',
    `:project${PROJECT}/topics`,
    ({ topics }, r: Listing & { project: string }) =>
      listing('topics', topics.list(r.project, r.pageSize, r.pageToken)),
  ),
  unary(
    'topics.delete',
    'Publisher.DeleteTopic',
    'DELETE',
    `:topic${TOPIC}`,
    ({ topics }, r: { topic: string }) => topics.delete(r.topic),
  ),
  unary(
    'topics.publish',
    'Publisher.Publish',
    'POST',
    `:topic${TOPIC}\\:publish`,
    ({ topics }, r: { topic: string; messages?: Message[] }) => ({
      messageIds: topics.publish(r.topic, r.messages ?? []),
    }),
  ),
  unary(
    'topics.subscriptions.list',
    'Publisher.ListTopicSubscriptions',
    'GET',
    `:topic${TOPIC}/subscriptions`,
    ({ topics }, r: Listing & { topic: string }) =>
      listing('subscriptions', topics.subscriptionsOf(r.topic, r.pageSize, r.pageToken)),
  ),
];

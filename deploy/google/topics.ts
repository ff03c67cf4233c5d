import type { PubSub } from '@google-cloud/pubsub';
import type { Provider } from '../plan/provider.ts';
import { mapErrors } from './map-errors.ts';
import { ignoreNotFound } from './with-deadline.ts';

/** Topics (https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics). */
export function topicProvider(pubsub: PubSub): Provider<'topic'> {
  return {
    async read({ name }) {
      return (await ignoreNotFound(`read topic ${name}`, () => pubsub.topic(name).getMetadata())) && {};
    },
    async create({ name }) {
      await mapErrors(`create topic ${name}`, () => pubsub.createTopic(name));
    },
    async update() {},
    async remove({ name }) {
      await ignoreNotFound(`delete topic ${name}`, () => pubsub.topic(name).delete());
    },
  };
}

import type { PubSub } from '@google-cloud/pubsub';
import type { Provider } from '../plan/provider.ts';
import { once } from './map-errors.ts';
import { optional } from './with-deadline.ts';

/** Topics (https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics). */
export function topicProvider(pubsub: PubSub): Provider<'topic'> {
  return {
    async read({ name }) {
      return (await optional(`read topic ${name}`, () => pubsub.topic(name).getMetadata())) && {};
    },
    async create({ name }) {
      await once(`create topic ${name}`, () => pubsub.createTopic(name));
    },
    async update() {},
    async remove({ name }) {
      await optional(`delete topic ${name}`, () => pubsub.topic(name).delete());
    },
  };
}

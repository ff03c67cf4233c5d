import { v1 } from '@google-cloud/pubsub';
import type { Topic } from '../ports/topic.ts';
import { restEndpoint } from './endpoints.ts';
import { withRetry } from './with-retry.ts';

/** Its own go on for a minute, silently, and end in a message that lists every one of them. */
const NO_RETRIES = { retry: null, timeout: 10_000 };

/**
 * A Pub/Sub topic through the official client, over REST: no gRPC machinery to load for one message.
 * `emulatorHost` is PUBSUB_EMULATOR_HOST (`127.0.0.1:8791`); absent: Google Cloud.
 */
export function pubsubTopic(project: string, topic: string, emulatorHost: string | undefined): Topic {
  const endpoint = restEndpoint(emulatorHost && `http://${emulatorHost}`, 'PUBSUB_EMULATOR_HOST');
  const client = new v1.PublisherClient({ ...endpoint, projectId: project, fallback: true });
  const name = `projects/${project}/topics/${topic}`;
  return {
    name,
    async publish({ data = '', attributes = {} }) {
      const request = { topic: name, messages: [{ data: Buffer.from(data), attributes }] };
      const [response] = await withRetry(`publish to ${name}`, () => client.publish(request, NO_RETRIES));
      return response.messageIds?.[0] ?? '';
    },
  };
}

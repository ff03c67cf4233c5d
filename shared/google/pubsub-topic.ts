import { v1 } from '@google-cloud/pubsub';
import type { Topic } from '../ports/topic.ts';
import { restEndpoint } from './endpoints.ts';
import { domainError } from './errors.ts';

/**
 * A Pub/Sub topic through the official client, over REST: no gRPC machinery to load for one message.
 * `emulatorHost` is PUBSUB_EMULATOR_HOST (`127.0.0.1:8791`); absent: Google Cloud.
 */
export function pubsubTopic(project: string, topic: string, emulatorHost: string | undefined): Topic {
  const endpoint = restEndpoint(emulatorHost && `http://${emulatorHost}`);
  const client = new v1.PublisherClient({ ...endpoint, projectId: project, fallback: true });
  const name = `projects/${project}/topics/${topic}`;
  return {
    name,
    async publish({ data = '', attributes = {} }) {
      try {
        const [response] = await client.publish({
          topic: name,
          messages: [{ data: Buffer.from(data), attributes }],
        });
        return response.messageIds?.[0] ?? '';
      } catch (error) {
        throw domainError(error, `publish to ${name}`);
      }
    },
  };
}

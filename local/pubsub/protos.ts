import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

const require = createRequire(import.meta.url);
const requireAsClient = createRequire(require.resolve('@google-cloud/pubsub'));

/** The IAM protos come with google-gax, a dependency of the Pub/Sub client, which does not export the file. */
const IAM_PROTOS = join(dirname(requireAsClient.resolve('google-gax')), '../protos/iam_service.json');

/** Fields keep their camelCase, bytes are base64 and enums are names: as in the JSON form of the messages. */
const OPTIONS = { longs: Number, enums: String, bytes: String } as const;

/** The gRPC services as the official client's own protos define them, by the names that the operations use. */
export function loadServices(): Record<string, ServiceDefinition> {
  const pubsub = fromJSON(require('@google-cloud/pubsub/build/protos/protos.json'), OPTIONS);
  const iam = fromJSON(require(IAM_PROTOS), OPTIONS);
  return {
    Publisher: pubsub['google.pubsub.v1.Publisher'] as ServiceDefinition,
    Subscriber: pubsub['google.pubsub.v1.Subscriber'] as ServiceDefinition,
    IAMPolicy: iam['google.iam.v1.IAMPolicy'] as ServiceDefinition,
  };
}

import pubsubProtos from '@google-cloud/pubsub/build/protos/protos.json' with { type: 'json' };
// Every client of a service with policies has the IAM protos; the Pub/Sub client's file lacks them.
import iamProtos from '@google-cloud/secret-manager/build/protos/protos.json' with { type: 'json' };
import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** Fields keep their camelCase, bytes are base64 and enums are names, as in the JSON form of the messages. */
const OPTIONS = { longs: Number, enums: String, bytes: String } as const;

/** The gRPC services as the official clients' own protos define them, by the names that the operations use. */
export function loadServices(): Record<string, ServiceDefinition> {
  const pubsub = fromJSON(pubsubProtos, OPTIONS);
  const iam = fromJSON(iamProtos, OPTIONS);
  return {
    Publisher: pubsub['google.pubsub.v1.Publisher'] as ServiceDefinition,
    Subscriber: pubsub['google.pubsub.v1.Subscriber'] as ServiceDefinition,
    IAMPolicy: iam['google.iam.v1.IAMPolicy'] as ServiceDefinition,
  };
}

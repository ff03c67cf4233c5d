import { join } from 'node:path';
import { createService, listen, type ServiceContext } from '../http/service.ts';
import { PolicyBook } from '../iam/policy-book.ts';
import { grpcServer } from './grpc-wire.ts';
import type { Message, Subscription, SubscriptionRequest, Topic } from './resources.ts';
import { restRoutes } from './rest-wire.ts';
import { SharedPort } from './shared-port.ts';
import { openState, type StateOptions } from './state.ts';

export interface PubSubOptions extends Omit<StateOptions, 'clock' | 'faults' | 'policies'> {
  /** Where the IAM policies are kept; a file in the state directory unless told. */
  policies?: PolicyBook;
  context: ServiceContext;
}

export interface PubSub {
  /** Serves REST and gRPC on the one port of 127.0.0.1; 0 takes a free one. Returns the port. */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
  /** The new message's id. `data` is base64; the topic must exist. */
  publish(topic: string, message: Message): string;
  /** Creates the topic unless it exists. */
  ensureTopic(name: string): Topic;
  /** Creates the subscription, or gives it these settings where it exists. */
  ensureSubscription(request: SubscriptionRequest): Subscription;
}

/** The local cloud's Pub/Sub. Push delivery begins at once, before `listen`. */
export function createPubSub({ context, ...options }: PubSubOptions): PubSub {
  const { policies = new PolicyBook(join(options.stateDir, 'policies.json')) } = options;
  const state = openState({ ...options, policies, clock: context.clock, faults: context.faults });
  const http = createService('pubsub', restRoutes(state), context);
  const grpc = grpcServer(state, context);
  const server = new SharedPort(http, grpc);
  return {
    listen: (port) => listen(server, port),
    async close() {
      state.close();
      grpc.forceShutdown();
      await server.shutDown();
    },
    publish: (topic, message) => state.topics.publish(topic, [message])[0] ?? '',
    ensureTopic: (name) => state.topics.ensure(name),
    ensureSubscription: (request) => state.subscriptions.ensure(request),
  };
}

import { type handleUnaryCall, Server, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { ServiceContext } from '../http/service.ts';
import { pubsubNeeds } from './access.ts';
import { grpcClient } from './grpc-client.ts';
import { grpcError } from './grpc-error.ts';
import { callWithFaults } from './grpc-faults.ts';
import { MAX_REQUEST_BYTES } from './limits.ts';
import { type Operation, shortName } from './operation.ts';
import { operations } from './operations.ts';
import { fromProto, toProto } from './proto-json.ts';
import { loadServices } from './protos.ts';
import type { State } from './state.ts';
import { streamingPull } from './streaming-pull.ts';

/** Headroom for the framing around the largest publish request, so that our own limit is the one that refuses. */
const MAX_FRAME_BYTES = 2 * MAX_REQUEST_BYTES;

/** Pub/Sub over gRPC: what the official clients speak with PUBSUB_EMULATOR_HOST. What is missing answers UNIMPLEMENTED. */
export function grpcServer(state: State, context: ServiceContext): Server {
  const server = new Server({ 'grpc.max_receive_message_length': MAX_FRAME_BYTES });
  for (const [service, definition] of Object.entries(loadServices())) {
    const handlers: UntypedServiceImplementation = {};
    for (const operation of operations) {
      const [owner, rpc = ''] = operation.rpc.split('.');
      // An IAM call is one RPC for every kind of resource: the first of its operations stands for them.
      if (owner === service) handlers[rpc] ??= unaryHandler(operation, state, context);
    }
    if (service === 'Subscriber') handlers.StreamingPull = streamingPull(state, context);
    server.addService(definition, handlers);
  }
  return server;
}

function unaryHandler(
  operation: Operation,
  state: State,
  context: ServiceContext,
): handleUnaryCall<object, object> {
  const { name, run } = operation;
  return (call, answer) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    const client = grpcClient(call.metadata, context, gone.signal);
    const act = () => {
      const request = fromProto(call.request);
      client.require(pubsubNeeds(shortName(operation), request, state));
      return run(state, request, client);
    };
    callWithFaults(name, context, act).then(
      (response) => answer(null, toProto(response)),
      (error: unknown) => answer(grpcError(error)),
    );
  };
}

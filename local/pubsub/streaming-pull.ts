import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import { invalid, notFound } from '../http/api-error.ts';
import type { ServiceContext } from '../http/service.ts';
import { pubsubNeeds } from './access.ts';
import type { Backlog } from './backlog.ts';
import type { Consumer, Delivery } from './delivery.ts';
import { grpcClient } from './grpc-client.ts';
import { grpcError } from './grpc-error.ts';
import { callWithFaults } from './grpc-faults.ts';
import { checkRange } from './limits.ts';
import { toProto } from './proto-json.ts';
import { received } from './pull.ts';
import type { State } from './state.ts';

interface StreamingPullRequest {
  /** In the first request only, like the settings after it. */
  subscription?: string;
  streamAckDeadlineSeconds?: number;
  maxOutstandingMessages?: number;
  ackIds?: string[];
  modifyDeadlineAckIds?: string[];
  /** As many as `modifyDeadlineAckIds`. */
  modifyDeadlineSeconds?: number[];
}

type Stream = ServerDuplexStream<StreamingPullRequest, object>;

interface Opened {
  backlog: Backlog;
  /** Ends the flow of messages. */
  detach(): void;
}

const OPERATION = 'pubsub.projects.subscriptions.streamingPull';

/** Streaming pull: messages flow to the client while it answers for them, on this stream or by unary calls. */
export function streamingPull(
  state: State,
  context: ServiceContext,
): handleBidiStreamingCall<StreamingPullRequest, object> {
  return (stream) => {
    let opened: Promise<Opened> | undefined;
    stream.on('data', (request: StreamingPullRequest) => {
      opened ??= callWithFaults(OPERATION, context, () => {
        const client = grpcClient(stream.metadata, context, new AbortController().signal);
        client.require(pubsubNeeds('subscriptions.streamingPull', request, state));
        return open(stream, request);
      });
      opened
        .then(({ backlog }) => follow(request, backlog, stream))
        .catch((error: unknown) => fail(stream, error));
    });
    const close = () => {
      opened?.then(
        ({ detach }) => detach(),
        () => {},
      );
    };
    stream.on('cancelled', close);
    stream.on('end', () => {
      close();
      stream.end();
    });
  };

  function open(stream: Stream, request: StreamingPullRequest): Opened {
    const { subscription, streamAckDeadlineSeconds = 0 } = request;
    if (!subscription) throw invalid('The first request of a stream must name the subscription.');
    checkRange(streamAckDeadlineSeconds, 'streamAckDeadlineSeconds', 10, 600);
    const backlog = state.subscriptions.pullable(subscription);
    return { backlog, detach: attach(backlog, stream, request) };
  }
}

/** Lets the backlog's messages flow to the stream. Returns what stops them. */
function attach(backlog: Backlog, stream: Stream, settings: StreamingPullRequest): () => void {
  const { streamAckDeadlineSeconds, maxOutstandingMessages = 0 } = settings;
  const { name } = backlog.subscription;
  const consumer: Consumer = {
    limit: maxOutstandingMessages > 0 ? maxOutstandingMessages : Number.POSITIVE_INFINITY,
    ...(streamAckDeadlineSeconds && { ackDeadlineSeconds: streamAckDeadlineSeconds }),
    deliver(deliveries: Delivery[]) {
      for (const delivery of deliveries)
        stream.write(toProto({ receivedMessages: [received(delivery, backlog.subscription)] }));
    },
    end: () => fail(stream, notFound(`Subscription ${name} is gone.`)),
  };
  backlog.attach(consumer);
  return () => backlog.detach(consumer);
}

/** Does what a request on an open stream asks for; one that asks for nothing is a ping, and the client wants an answer. */
function follow(request: StreamingPullRequest, backlog: Backlog, stream: Stream): void {
  const { ackIds = [], modifyDeadlineAckIds = [], modifyDeadlineSeconds = [] } = request;
  if (modifyDeadlineAckIds.length !== modifyDeadlineSeconds.length)
    throw invalid('modifyDeadlineAckIds and modifyDeadlineSeconds must have the same length.');
  for (const ackId of ackIds) backlog.acknowledge(ackId);
  for (const [index, ackId] of modifyDeadlineAckIds.entries())
    backlog.modifyAckDeadline(ackId, modifyDeadlineSeconds[index] ?? 0);
  if (ackIds.length === 0 && modifyDeadlineAckIds.length === 0) stream.write({});
}

/** Ends the stream with the error. */
function fail(stream: Stream, error: unknown): void {
  stream.emit('error', grpcError(error));
}

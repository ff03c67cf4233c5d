import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { CloudClock } from '../core/clock.ts';
import { serviceAccount } from '../iam/resources.ts';
import type { AgentMay } from './access.ts';
import type { Backlog } from './backlog.ts';
import type { Consumer, Delivery } from './delivery.ts';
import { signedToken } from './oidc-token.ts';
import { pushBody } from './push-body.ts';
import type { Subscription } from './resources.ts';

/** The answers of an endpoint that acknowledge a message (https://cloud.google.com/pubsub/docs/push#receive_push). */
const ACKNOWLEDGING = [102, 200, 201, 202, 204];

export interface PushSenderOptions {
  clock: CloudClock;
  /** Pushes under way at once. */
  limit: number;
  agentMay: AgentMay;
  onSuccess(): void;
}

/** Posts a subscription's messages to its push endpoint; the endpoint's answer is the acknowledgement. */
export class PushSender implements Consumer {
  readonly limit: number;
  readonly #backlog: Backlog;
  readonly #options: PushSenderOptions;
  readonly #closed = new AbortController();

  constructor(backlog: Backlog, options: PushSenderOptions) {
    this.#backlog = backlog;
    this.#options = options;
    this.limit = options.limit;
    backlog.attach(this);
  }

  deliver(deliveries: Delivery[]): void {
    for (const delivery of deliveries) void this.#push(delivery);
  }

  /** Breaks off the pushes under way; their messages are delivered again. */
  close(): void {
    this.#backlog.detach(this);
    this.#closed.abort();
  }

  async #push(delivery: Delivery): Promise<void> {
    const status = await this.#answer(delivery);
    if (typeof status === 'number' && ACKNOWLEDGING.includes(status)) {
      this.#options.onSuccess();
      this.#backlog.acknowledge(delivery.ackId);
    } else {
      this.#backlog.nack(delivery.ackId, `The push endpoint answered ${status}.`);
    }
  }

  /** The endpoint's status, or why there is none. The ack deadline is also the request's time limit. */
  async #answer({ message, attempt }: Delivery): Promise<number | string> {
    const { subscription } = this.#backlog;
    const { clock, agentMay } = this.#options;
    const unsigned = unsignable(subscription, agentMay);
    if (unsigned) return unsigned;
    const tooLate = new AbortController();
    const cancel = clock.after(subscription.ackDeadlineSeconds * 1000, () => tooLate.abort());
    try {
      const signal = AbortSignal.any([this.#closed.signal, tooLate.signal]);
      return await post(subscription, pushBody(subscription, message, attempt), clock.now(), signal);
    } catch (error) {
      return tooLate.signal.aborted ? 'nothing in time' : `nothing: ${(error as Error).message}`;
    } finally {
      cancel();
    }
  }
}

/** Why a push cannot have its token (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions); undefined where it can. */
function unsignable({ name, pushConfig }: Subscription, agentMay: AgentMay): string | undefined {
  const email = pushConfig.oidcToken?.serviceAccountEmail;
  const [, project = ''] = name.split('/');
  if (!email || agentMay('iam.serviceAccounts.getOpenIdToken', serviceAccount(project, email)))
    return undefined;
  return `nothing: Pub/Sub's account may not make tokens of ${email}`;
}

/** node:http rather than fetch, which gives up after 300 s although an ack deadline may be 600 s. */
function post({ pushConfig }: Subscription, body: string, now: Date, signal: AbortSignal): Promise<number> {
  const endpoint = new URL(pushConfig.pushEndpoint ?? '');
  const { oidcToken } = pushConfig;
  const options: RequestOptions = {
    method: 'POST',
    signal,
    // A kept connection may be closed by its server while a request is under way: that would look like a refusal.
    agent: false,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'CloudPubSub-Google',
      ...(oidcToken && { authorization: `Bearer ${signedToken(oidcToken, endpoint.href, now)}` }),
    },
  };
  return new Promise((resolve, reject) => {
    const send = endpoint.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(endpoint, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(body);
  });
}

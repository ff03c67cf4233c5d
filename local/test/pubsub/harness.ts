import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { PolicyBook } from '../../iam/policy-book.ts';
import type { DeliveryEvent } from '../../pubsub/delivery.ts';
import { createPubSub, type PubSub } from '../../pubsub/pubsub.ts';
import { openState, type State } from '../../pubsub/state.ts';

export const PROJECT = 'projects/test-project';
export const TOPIC = `${PROJECT}/topics/topic-a`;
export const SUBSCRIPTION = `${PROJECT}/subscriptions/function-a`;

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'pubsub-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

export interface OpenedState {
  state: State;
  clock: CloudClock;
  faults: Faults;
  events: DeliveryEvent[];
  /** Emits `event` whenever one is added to `events`. */
  arrivals: EventEmitter;
}

/** The state without a wire, with the topic and a clock that only the test moves (but for real time). */
export function openTestState(
  t: TestContext,
  stateDir = temporaryFolder(t),
  pushConcurrency = 100,
): OpenedState {
  const clock = new CloudClock();
  const faults = new Faults();
  const events: DeliveryEvent[] = [];
  const arrivals = new EventEmitter();
  const onDelivery = (event: DeliveryEvent) => {
    events.push(event);
    arrivals.emit('event');
  };
  const policies = new PolicyBook(join(stateDir, 'policies.json'));
  const state = openState({ stateDir, clock, faults, policies, pushConcurrency, onDelivery });
  state.topics.ensure(TOPIC);
  t.after(() => clock.close());
  return { state, clock, faults, events, arrivals };
}

export interface RunningPubSub {
  pubsub: PubSub;
  port: number;
  faults: Faults;
  clock: CloudClock;
  calls: string[];
  /** One REST call: the status and the parsed body. */
  rest(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
}

export async function startPubSub(t: TestContext, stateDir = temporaryFolder(t)): Promise<RunningPubSub> {
  const clock = new CloudClock();
  const faults = new Faults();
  const calls: string[] = [];
  const onCall = (operation: string, status: number) => calls.push(`${operation} ${status}`);
  const pubsub = createPubSub({ stateDir, context: { clock, faults, onCall } });
  const port = await pubsub.listen(0);
  t.after(async () => {
    await pubsub.close();
    clock.close();
  });
  const rest: RunningPubSub['rest'] = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { pubsub, port, faults, clock, calls, rest };
}

export interface Push {
  headers: IncomingMessage['headers'];
  body: {
    message: Record<string, unknown>;
    subscription: string;
    deliveryAttempt?: number;
  };
  answer(status: number): void;
}

export interface Endpoint {
  url: string;
  /** The next push, in the order of arrival. */
  next(): Promise<Push>;
  /** Pushes that arrived and that nobody has asked for. */
  waiting(): number;
}

/** A push endpoint that answers when the test says so. */
export async function startEndpoint(t: TestContext): Promise<Endpoint> {
  const arrived: Push[] = [];
  const asked: ((push: Push) => void)[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const push: Push = {
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()) as Push['body'],
      answer: (status) => response.writeHead(status).end(),
    };
    const resolve = asked.shift();
    if (resolve) resolve(push);
    else arrived.push(push);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/projects/test-project/topics/topic-a`,
    next: () => {
      const push = arrived.shift();
      return push ? Promise.resolve(push) : new Promise((resolve) => asked.push(resolve));
    },
    waiting: () => arrived.length,
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pull } from '../../pubsub/pull.ts';
import type { ReceivedMessage } from '../../pubsub/resources.ts';
import { base64, openTestState, PROJECT, SUBSCRIPTION, TOPIC, temporaryFolder } from './harness.ts';

const DEAD_TOPIC = `${PROJECT}/topics/dead-letter`;
const DEAD = `${PROJECT}/subscriptions/dead`;

/** What subscribers, publishers and the world may do, in any order. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('pull' as const), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('acknowledge' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('nack' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('extend' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const settings = fc.record({ enableMessageOrdering: fc.boolean(), deadLetters: fc.boolean() });

test('every accepted message is acknowledged or dead-lettered in the end, and none comes after its acknowledgement', (t) =>
  fc.assert(
    fc.asyncProperty(settings, fc.array(step, { maxLength: 40 }), async (options, steps) => {
      const folder = temporaryFolder(t);
      let { state, clock } = openTestState(t, folder);
      state.topics.ensure(DEAD_TOPIC);
      state.subscriptions.create({ name: DEAD, topic: DEAD_TOPIC });
      state.subscriptions.create({
        name: SUBSCRIPTION,
        topic: TOPIC,
        enableMessageOrdering: options.enableMessageOrdering,
        ...(options.deadLetters && {
          deadLetterPolicy: { deadLetterTopic: DEAD_TOPIC, maxDeliveryAttempts: 5 },
        }),
      });
      const accepted = new Set<string>();
      const acknowledged = new Set<string>();
      const dead = new Set<string>();
      let held: ReceivedMessage[] = [];

      for (const next of steps) await take(next);
      await drain();
      state.close();
      assert.deepEqual(
        [...accepted].filter((text) => !acknowledged.has(text) && !dead.has(text)),
        [],
      );
      assert.equal(options.deadLetters || dead.size === 0, true);

      async function take(next: Step): Promise<void> {
        const backlog = state.subscriptions.pullable(SUBSCRIPTION);
        const one = 'which' in next ? held[next.which % Math.max(held.length, 1)] : undefined;
        if (next.kind === 'publish') publish(next.count);
        else if (next.kind === 'pull') held.push(...(await receive(SUBSCRIPTION, next.count)));
        else if (next.kind === 'acknowledge' && one) acknowledge(one);
        else if (next.kind === 'nack' && one) backlog.nack(one.ackId);
        else if (next.kind === 'extend' && one) backlog.modifyAckDeadline(one.ackId, 30);
        else if (next.kind === 'pass') clock.advance(next.seconds * 1000);
        else if (next.kind === 'restart') restart();
      }

      function publish(count: number): void {
        const batch = Array.from({ length: count }, (_, n) => `message ${accepted.size + n}`);
        state.topics.publish(
          TOPIC,
          batch.map((text) => ({ data: base64(text), orderingKey: 'key' })),
        );
        for (const text of batch) accepted.add(text);
      }

      async function receive(subscription: string, maxMessages: number): Promise<ReceivedMessage[]> {
        const signal = new AbortController().signal;
        const backlog = state.subscriptions.pullable(subscription);
        const received = await pull(backlog, { maxMessages, waitMs: 0, clock, signal });
        if (subscription === SUBSCRIPTION)
          for (const message of received) assert.equal(acknowledged.has(textOf(message)), false);
        return received;
      }

      function acknowledge(message: ReceivedMessage): void {
        if (state.subscriptions.pullable(SUBSCRIPTION).acknowledge(message.ackId))
          acknowledged.add(textOf(message));
      }

      function restart(): void {
        state.close();
        ({ state, clock } = openTestState(t, folder));
      }

      /** Lets every lease end, then acknowledges whatever comes, until nothing comes. */
      async function drain(): Promise<void> {
        held = [];
        for (let round = 0; round <= accepted.size; round++) {
          clock.advance(60_000);
          for (const message of await receive(SUBSCRIPTION, 1000)) acknowledge(message);
        }
        for (const message of await receive(DEAD, 1000)) dead.add(textOf(message));
      }
    }),
    { numRuns: 150 },
  ));

function textOf({ message }: ReceivedMessage): string {
  return Buffer.from(message.data ?? '', 'base64').toString();
}

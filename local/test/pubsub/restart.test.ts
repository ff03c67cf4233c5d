import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Journal } from '../../pubsub/journal.ts';
import { pull } from '../../pubsub/pull.ts';
import type { State } from '../../pubsub/state.ts';
import {
  base64,
  openTestState,
  PROJECT,
  SUBSCRIPTION,
  startEndpoint,
  TOPIC,
  temporaryFolder,
} from './harness.ts';

describe('a restart', () => {
  test('keeps what nobody has acknowledged, in its order, and only that', async (t) => {
    const folder = temporaryFolder(t);
    const before = open(t, folder);
    before.subscriptions.create({ name: SUBSCRIPTION, topic: TOPIC });
    for (const text of ['acked', 'taken', 'untouched']) publish(before, text);
    const [first] = await take(before, 2);
    before.subscriptions.backlog(SUBSCRIPTION).acknowledge(first?.ackId ?? '');
    before.close();

    const after = open(t, folder);
    assert.deepEqual(texts(await take(after, 10)), ['taken', 'untouched']);
    after.close();
  });

  test('keeps the count of delivery attempts', async (t) => {
    const folder = temporaryFolder(t);
    const before = open(t, folder);
    const deadLetterPolicy = { deadLetterTopic: TOPIC, maxDeliveryAttempts: 5 };
    before.subscriptions.create({ name: SUBSCRIPTION, topic: TOPIC, deadLetterPolicy });
    publish(before, 'one');
    before.subscriptions.backlog(SUBSCRIPTION).nack((await take(before, 1))[0]?.ackId ?? '');
    before.close();

    const after = open(t, folder);
    assert.equal((await take(after, 1))[0]?.deliveryAttempt, 2);
    after.close();
  });

  test('goes on pushing', async (t) => {
    const folder = temporaryFolder(t);
    const endpoint = await startEndpoint(t);
    const before = open(t, folder);
    before.subscriptions.create({
      name: SUBSCRIPTION,
      topic: TOPIC,
      pushConfig: { pushEndpoint: endpoint.url },
    });
    publish(before, 'one');
    const broken = await endpoint.next();
    before.close();

    const after = open(t, folder);
    const again = await endpoint.next();
    assert.equal(again.body.message.messageId, broken.body.message.messageId);
    after.close();
  });

  test('gives no message id a second time, even if the clock of the machine was set back', (t) => {
    const folder = temporaryFolder(t);
    const journal = new Journal(join(folder, 'messages.jsonl'));
    const publishTime = '2100-01-01T00:00:00.000Z';
    journal.accept({ messageId: '4102444800000000', publishTime, data: base64('x') }, [SUBSCRIPTION]);
    journal.close();

    const state = open(t, folder);
    assert.deepEqual(state.topics.publish(TOPIC, [{ data: base64('x') }]), ['4102444800000001']);
    state.close();
  });

  test('keeps topics, subscriptions and policies', (t) => {
    const folder = temporaryFolder(t);
    const before = open(t, folder);
    const subscription = before.subscriptions.create({
      name: SUBSCRIPTION,
      topic: TOPIC,
      labels: { a: 'b' },
    });
    const bindings = [{ role: 'roles/pubsub.publisher', members: ['user:somebody@example.com'] }];
    const policy = before.policies.set(TOPIC, { bindings });
    before.close();

    const after = open(t, folder);
    assert.deepEqual(after.subscriptions.list(PROJECT).items, [subscription]);
    assert.deepEqual(after.policies.get(TOPIC), policy);
    after.close();
  });
});

describe('the journal', () => {
  const message = { messageId: '1', publishTime: '2026-11-24T03:00:00.000Z', data: base64('x') };

  test('ignores a line that was cut off by a kill', (t) => {
    const path = join(temporaryFolder(t), 'messages.jsonl');
    const journal = new Journal(path);
    journal.accept(message, [SUBSCRIPTION]);
    journal.close();
    appendFileSync(path, '{"settled":"1","of":"proj');
    const reopened = new Journal(path);
    assert.deepEqual(reopened.owedBy(SUBSCRIPTION), [{ message, failures: 0 }]);
    reopened.close();
    const lines = [{ lastId: 1 }, { accepted: message, of: [SUBSCRIPTION] }];
    assert.equal(readFileSync(path, 'utf8'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });

  test('remembers the last message id, though its message is settled', (t) => {
    const path = join(temporaryFolder(t), 'messages.jsonl');
    const journal = new Journal(path);
    journal.accept({ ...message, messageId: '7' }, [SUBSCRIPTION]);
    journal.settle(SUBSCRIPTION, '7');
    journal.close();
    new Journal(path).close();
    const reopened = new Journal(path);
    assert.equal(reopened.lastId, 7);
    reopened.close();
  });

  test('stays small when thousands of messages come and go', (t) => {
    const path = join(temporaryFolder(t), 'messages.jsonl');
    const journal = new Journal(path);
    for (let n = 0; n < 20_000; n++) {
      journal.accept({ ...message, messageId: String(n) }, [SUBSCRIPTION]);
      journal.settle(SUBSCRIPTION, String(n));
    }
    assert.ok(statSync(path).size < 3_000_000, String(statSync(path).size));
    assert.deepEqual(journal.owedBy(SUBSCRIPTION), []);
    journal.close();
  });
});

function open(t: TestContext, folder: string): State {
  return openTestState(t, folder).state;
}

function publish(state: State, text: string): void {
  state.topics.publish(TOPIC, [{ data: base64(text) }]);
}

function take(state: State, maxMessages: number) {
  const backlog = state.subscriptions.pullable(SUBSCRIPTION);
  return pull(backlog, { maxMessages, waitMs: 0, clock: state.clock, signal: new AbortController().signal });
}

function texts(received: Awaited<ReturnType<typeof take>>): string[] {
  return received.map(({ message }) => Buffer.from(message.data ?? '', 'base64').toString());
}

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { pull } from '../../pubsub/pull.ts';
import type { ReceivedMessage, SubscriptionRequest } from '../../pubsub/resources.ts';
import { base64, type OpenedState, openTestState, PROJECT, SUBSCRIPTION, TOPIC } from './harness.ts';

const MINUTE = 60_000;

describe('pull delivery', () => {
  test('gives a message once while its ack deadline runs, and again after it', async (t) => {
    const { publish, take, clock } = start(t, { ackDeadlineSeconds: 20 });
    publish('one');
    assert.deepEqual(texts(await take()), ['one']);
    clock.advance(19_000);
    assert.deepEqual(await take(), []);
    clock.advance(1_500);
    assert.deepEqual(texts(await take()), ['one']);
  });

  test('gives an acknowledged message never again', async (t) => {
    const { publish, take, backlog, clock } = start(t);
    publish('one');
    const [received] = await take();
    assert.equal(backlog.acknowledge(received?.ackId ?? ''), true);
    assert.equal(backlog.acknowledge(received?.ackId ?? ''), false);
    clock.advance(60 * MINUTE);
    assert.deepEqual(await take(), []);
  });

  test('extends the ack deadline from the moment of the call', async (t) => {
    const { publish, take, backlog, clock } = start(t, { ackDeadlineSeconds: 10 });
    publish('one');
    const [received] = await take();
    clock.advance(8_000);
    backlog.modifyAckDeadline(received?.ackId ?? '', 60);
    clock.advance(55_000);
    assert.deepEqual(await take(), []);
    clock.advance(6_000);
    assert.deepEqual(texts(await take()), ['one']);
  });

  test('gives a nacked message again at once without a retry policy', async (t) => {
    const { publish, take, backlog } = start(t);
    publish('one');
    const [received] = await take();
    backlog.modifyAckDeadline(received?.ackId ?? '', 0);
    assert.deepEqual(texts(await take()), ['one']);
  });

  test('waits twice as long after each failure, from the minimum to the maximum of the retry policy', async (t) => {
    const { publish, take, backlog, clock } = start(t, {
      retryPolicy: { minimumBackoff: '10s', maximumBackoff: '30s' },
    });
    publish('one');
    for (const seconds of [10, 20, 30, 30]) {
      const [received] = await take();
      backlog.nack(received?.ackId ?? '');
      clock.advance(seconds * 1000 - 500);
      assert.deepEqual(await take(), [], `before ${seconds} s`);
      clock.advance(600);
    }
    assert.deepEqual(texts(await take()), ['one']);
  });

  test('counts the delivery attempts only with a dead letter policy', async (t) => {
    const { publish, take } = start(t);
    publish('one');
    const [received] = await take();
    assert.deepEqual(Object.keys(received ?? {}), ['ackId', 'message']);
  });

  test('drops a message that is older than the retention', async (t) => {
    const { publish, take, clock, events } = start(t, { messageRetentionDuration: '600s' });
    publish('one');
    clock.advance(11 * MINUTE);
    assert.deepEqual(await take(), []);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['expired'],
    );
  });

  test('a waiting pull gets the message that is published meanwhile', async (t) => {
    const { publish, state, backlog } = start(t);
    const waiting = pull(backlog, { ...ONCE, waitMs: MINUTE, clock: state.clock });
    publish('one');
    assert.deepEqual(texts(await waiting), ['one']);
  });

  test('a waiting pull whose client has gone takes no message', async (t) => {
    const { publish, take, state, backlog } = start(t);
    const gone = new AbortController();
    const waiting = pull(backlog, { ...ONCE, waitMs: MINUTE, clock: state.clock, signal: gone.signal });
    gone.abort();
    assert.deepEqual(await waiting, []);
    publish('one');
    assert.deepEqual(texts(await take()), ['one']);
  });
});

describe('dead letters', () => {
  const deadTopic = `${PROJECT}/topics/dead-letter`;
  const deadLetterPolicy = { deadLetterTopic: deadTopic, maxDeliveryAttempts: 5 };

  test('after the last attempt the message goes to the dead letter topic, with where it came from', async (t) => {
    const { publish, take, backlog, state, events } = start(t, { deadLetterPolicy }, [deadTopic]);
    state.subscriptions.create({ name: `${PROJECT}/subscriptions/dead`, topic: deadTopic });
    publish('bad', { target: 'all' });
    for (const attempt of [1, 2, 3, 4, 5]) {
      const [received] = await take();
      assert.equal(received?.deliveryAttempt, attempt);
      backlog.nack(received?.ackId ?? '');
    }
    assert.deepEqual(await take(), []);
    const [dead] = await pull(state.subscriptions.pullable(`${PROJECT}/subscriptions/dead`), {
      ...ONCE,
      clock: state.clock,
    });
    const { CloudPubSubDeadLetterSourceTopicPublishTime: publishedAt, ...attributes } =
      dead?.message.attributes ?? {};
    assert.deepEqual(attributes, {
      target: 'all',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: 'function-a',
      CloudPubSubDeadLetterSourceSubscriptionProject: 'test-project',
    });
    assert.ok(publishedAt && dead && publishedAt <= dead.message.publishTime);
    assert.equal(dead?.message.data, base64('bad'));
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'dead-lettered').map(({ attempt, detail }) => [attempt, detail]),
      [[5, deadTopic]],
    );
  });

  test('while the dead letter topic is gone, delivery goes on', async (t) => {
    const { publish, take, backlog, state } = start(t, { deadLetterPolicy }, [deadTopic]);
    state.topics.delete(deadTopic);
    publish('bad');
    for (let attempt = 1; attempt <= 6; attempt++) {
      const [received] = await take();
      backlog.nack(received?.ackId ?? '');
    }
    assert.equal((await take())[0]?.deliveryAttempt, 7);
  });
});

describe('ordering', () => {
  test('the next message of a key comes when the one before is acknowledged, other keys meanwhile', async (t) => {
    const { publish, take, backlog } = start(t, { enableMessageOrdering: true });
    publish('a1', {}, 'a');
    publish('a2', {}, 'a');
    publish('b1', {}, 'b');
    const [a1, b1] = await take();
    assert.deepEqual(texts([a1, b1]), ['a1', 'b1']);
    backlog.nack(a1?.ackId ?? '');
    const [again] = await take();
    assert.deepEqual(texts([again]), ['a1']);
    backlog.acknowledge(again?.ackId ?? '');
    assert.deepEqual(texts(await take()), ['a2']);
  });

  test('without it, all messages of a key may be out at once', async (t) => {
    const { publish, take } = start(t);
    publish('a1', {}, 'a');
    publish('a2', {}, 'a');
    assert.deepEqual(texts(await take()), ['a1', 'a2']);
  });
});

describe('faults on demand', () => {
  const operation = 'pubsub.deliver';

  test('lose: the message never arrives', async (t) => {
    const { publish, take, clock, faults } = start(t);
    faults.add({ operation, kind: 'lose' });
    publish('one');
    publish('two');
    assert.deepEqual(texts(await take()), ['two']);
    clock.advance(9_000);
    assert.deepEqual(await take(), []);
  });

  test('duplicate: the message arrives twice', async (t) => {
    const { publish, take, faults } = start(t);
    faults.add({ operation, kind: 'duplicate' });
    publish('one');
    assert.deepEqual(texts(await take()), ['one', 'one']);
  });

  test('delay: the message arrives later', async (t) => {
    const { publish, take, clock, faults } = start(t);
    faults.add({ operation, kind: 'delay', delayMs: MINUTE });
    publish('one');
    assert.deepEqual(await take(), []);
    clock.advance(MINUTE);
    assert.deepEqual(texts(await take()), ['one']);
  });
});

describe('which subscriptions get a message', () => {
  test('those whose filter lets it pass', async (t) => {
    const { publish, take } = start(t, { filter: 'attributes.target = "all"' });
    publish('no', { target: 'd_anchor_category' });
    publish('yes', { target: 'all' });
    assert.deepEqual(texts(await take()), ['yes']);
  });

  test('none that is detached, expired or of a topic with the same name that was deleted', async (t) => {
    const { state, clock } = start(t);
    const create = (name: string, more: Partial<SubscriptionRequest> = {}) =>
      state.subscriptions.create({ name: `${PROJECT}/subscriptions/${name}`, topic: TOPIC, ...more });
    create('never', { expirationPolicy: {} });
    create('detached');
    state.subscriptions.detach(`${PROJECT}/subscriptions/detached`);
    assert.deepEqual(state.topics.subscriptionsOf(TOPIC).items.map(short), ['function-a', 'never']);
    clock.advance(32 * 24 * 60 * MINUTE);
    assert.deepEqual(state.topics.subscriptionsOf(TOPIC).items.map(short), ['never']);
    state.topics.delete(TOPIC);
    state.topics.create({ name: TOPIC });
    assert.deepEqual(state.topics.subscriptionsOf(TOPIC).items, []);
    assert.equal(state.subscriptions.get(`${PROJECT}/subscriptions/never`).topic, '_deleted-topic_');
  });
});

const ONCE = { maxMessages: 100, waitMs: 0, signal: new AbortController().signal };

function start(t: TestContext, more: Partial<SubscriptionRequest> = {}, topics: string[] = []) {
  const opened: OpenedState = openTestState(t);
  const { state, clock } = opened;
  for (const topic of topics) state.topics.ensure(topic);
  state.subscriptions.create({ name: SUBSCRIPTION, topic: TOPIC, ...more });
  const backlog = state.subscriptions.pullable(SUBSCRIPTION);
  t.after(() => state.close());
  return {
    ...opened,
    backlog,
    publish: (text: string, attributes: Record<string, string> = {}, orderingKey = '') =>
      state.topics.publish(TOPIC, [{ data: base64(text), attributes, orderingKey }]),
    take: () => pull(backlog, { ...ONCE, clock }),
  };
}

function texts(received: (ReceivedMessage | undefined)[]): string[] {
  return received.map((one) => Buffer.from(one?.message.data ?? '', 'base64').toString());
}

function short(name: string): string {
  return name.split('/').at(-1) ?? '';
}

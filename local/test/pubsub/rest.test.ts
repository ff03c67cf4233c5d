import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { v1 } from '@google-cloud/pubsub';
import { anonymousAuth } from '../anonymous-auth.ts';
import { base64, SUBSCRIPTION, startPubSub, TOPIC } from './harness.ts';

describe('Pub/Sub over REST', () => {
  test('the Node client with fallback publishes', async (t) => {
    const { port, rest } = await startPubSub(t);
    await rest('PUT', TOPIC, {});
    await rest('PUT', SUBSCRIPTION, { topic: TOPIC });
    const client = new v1.PublisherClient({
      fallback: true,
      apiEndpoint: '127.0.0.1',
      port,
      protocol: 'http',
      auth: anonymousAuth,
    });
    const messages = [{ data: Buffer.from('hello'), attributes: { target: 'all' } }];
    const [{ messageIds }] = await client.publish({ topic: TOPIC, messages });
    const { body } = await rest('POST', `${SUBSCRIPTION}:pull`, { maxMessages: 10 });
    const [received] = body.receivedMessages as { message: { messageId: string; data: string } }[];
    assert.deepEqual(
      [received?.message.messageId, received?.message.data],
      [messageIds?.[0], base64('hello')],
    );
    await client.close();
  });

  test('creates, reads, changes, lists and deletes', async (t) => {
    const { rest, calls } = await startPubSub(t);
    assert.deepEqual(await rest('PUT', TOPIC, { labels: { a: 'b' } }), {
      status: 200,
      body: { name: TOPIC, labels: { a: 'b' } },
    });
    const created = await rest('PUT', SUBSCRIPTION, { topic: TOPIC, ackDeadlineSeconds: 20 });
    assert.equal(created.body.ackDeadlineSeconds, 20);
    const changed = await rest('PATCH', SUBSCRIPTION, {
      subscription: { ackDeadlineSeconds: 30, labels: { c: 'd' } },
      updateMask: 'ackDeadlineSeconds,labels',
    });
    assert.deepEqual(changed.body, { ...created.body, ackDeadlineSeconds: 30, labels: { c: 'd' } });
    assert.deepEqual((await rest('GET', SUBSCRIPTION)).body, changed.body);
    assert.deepEqual((await rest('GET', `${TOPIC}/subscriptions`)).body, { subscriptions: [SUBSCRIPTION] });
    assert.deepEqual((await rest('DELETE', SUBSCRIPTION)).body, {});
    assert.deepEqual((await rest('DELETE', TOPIC)).body, {});
    assert.equal((await rest('GET', TOPIC)).status, 404);
    assert.equal(calls.at(-1), 'pubsub.projects.topics.get 404');
  });

  test('lists in pages', async (t) => {
    const { rest } = await startPubSub(t);
    const names = ['aaa', 'aaa-b', 'ccc'].map((name) => `projects/test-project/topics/${name}`);
    for (const name of names) await rest('PUT', name, {});
    const first = await rest('GET', 'projects/test-project/topics?pageSize=2');
    assert.deepEqual(first.body.topics, [{ name: names[0] }, { name: names[1] }]);
    const second = await rest(
      'GET',
      `projects/test-project/topics?pageSize=2&pageToken=${first.body.nextPageToken}`,
    );
    assert.deepEqual(second.body, { topics: [{ name: names[2] }] });
  });

  test('pulls, extends, hands back and acknowledges', async (t) => {
    const { rest, pubsub, clock } = await startPubSub(t);
    pubsub.ensureTopic(TOPIC);
    pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC });
    pubsub.publish(TOPIC, { data: base64('one') });
    const pull = async () => {
      const { body } = await rest('POST', `${SUBSCRIPTION}:pull`, {
        maxMessages: 1,
        returnImmediately: true,
      });
      return (body.receivedMessages as { ackId: string }[])[0]?.ackId;
    };
    const first = await pull();
    const deadline = (ackId: string | undefined, ackDeadlineSeconds: number) =>
      rest('POST', `${SUBSCRIPTION}:modifyAckDeadline`, { ackIds: [ackId], ackDeadlineSeconds });
    await deadline(first, 600);
    clock.advance(500_000);
    assert.equal(await pull(), undefined);
    await deadline(first, 0);
    const second = await pull();
    assert.notEqual(second, undefined);
    await rest('POST', `${SUBSCRIPTION}:acknowledge`, { ackIds: [second] });
    clock.advance(600_000);
    assert.equal(await pull(), undefined);
  });

  test('answers in Google’s error format', async (t) => {
    const { rest } = await startPubSub(t);
    const message = `Topic ${TOPIC} does not exist. Create it with: gcloud pubsub topics create topic-a`;
    assert.deepEqual(await rest('POST', `${TOPIC}:publish`, { messages: [{ data: 'eA==' }] }), {
      status: 404,
      body: {
        error: {
          code: 404,
          message,
          status: 'NOT_FOUND',
          errors: [{ domain: 'global', reason: 'notFound', message }],
        },
      },
    });
  });

  const refused: [string, string, object, number, string][] = [
    [
      'PUT',
      SUBSCRIPTION,
      { topic: `${TOPIC}-2` },
      404,
      `Topic ${TOPIC}-2 does not exist. Create it with: gcloud pubsub topics create topic-a-2`,
    ],
    ['PATCH', TOPIC, { topic: {} }, 400, 'The request lacks updateMask.'],
    ['POST', `${TOPIC}:publish`, {}, 400, 'The request holds no messages: give at least one.'],
    ['POST', `${TOPIC}:seek`, {}, 501, `The local cloud does not implement POST /v1/${TOPIC}:seek (pubsub).`],
    [
      'POST',
      `${SUBSCRIPTION}-push:pull`,
      { maxMessages: 1 },
      412,
      `Subscription ${SUBSCRIPTION}-push pushes to http://127.0.0.1:1/, so it cannot be pulled.`,
    ],
    [
      'PATCH',
      `${SUBSCRIPTION}-push`,
      { subscription: {}, updateMask: 'filter' },
      400,
      'filter of a subscription cannot be changed: create another subscription.',
    ],
    [
      'PUT',
      `${SUBSCRIPTION}-push`,
      { topic: TOPIC },
      409,
      `Subscription ${SUBSCRIPTION}-push exists already.`,
    ],
    [
      'POST',
      `${SUBSCRIPTION}:acknowledge`,
      { ackIds: ['x'] },
      404,
      `Subscription ${SUBSCRIPTION} does not exist. Create it with: gcloud pubsub subscriptions create function-a --topic=TOPIC`,
    ],
  ];
  for (const [method, path, body, status, message] of refused)
    test(`${method} ${path.split('/').at(-1)} ${JSON.stringify(body)} is refused`, async (t) => {
      const { rest, pubsub } = await startPubSub(t);
      pubsub.ensureTopic(TOPIC);
      const pushConfig = { pushEndpoint: 'http://127.0.0.1:1/' };
      pubsub.ensureSubscription({ name: `${SUBSCRIPTION}-push`, topic: TOPIC, pushConfig });
      const answer = await rest(method, path, body);
      assert.deepEqual(
        [answer.status, (answer.body.error as { message: string }).message],
        [status, message],
      );
    });

  test('ensureSubscription changes what exists, and makes anew what belongs to another topic', async (t) => {
    const { pubsub } = await startPubSub(t);
    pubsub.ensureTopic(TOPIC);
    pubsub.ensureTopic(`${TOPIC}-2`);
    pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC });
    const same = pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, ackDeadlineSeconds: 600 });
    assert.deepEqual([same.topic, same.ackDeadlineSeconds], [TOPIC, 600]);
    assert.equal(pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: `${TOPIC}-2` }).topic, `${TOPIC}-2`);
  });

  test('faults of the HTTP core work here too', async (t) => {
    const { rest, faults } = await startPubSub(t);
    faults.add({ operation: 'pubsub.projects.topics.*', kind: 'error', status: 429 });
    assert.equal((await rest('PUT', TOPIC, {})).status, 429);
    assert.equal((await rest('PUT', TOPIC, {})).status, 200);
  });
});

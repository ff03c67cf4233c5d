import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { type Message, PubSub } from '@google-cloud/pubsub';
import { type RunningPubSub, startPubSub, temporaryFolder } from './harness.ts';

describe('the official Node client with PUBSUB_EMULATOR_HOST (gRPC)', () => {
  test('administers topics and subscriptions', async (t) => {
    const { client } = await start(t);
    const [topic] = await client.createTopic('topic-a');
    await client.createTopic('dead-letter');
    await topic.setMetadata({ labels: { team: 'data' } });
    assert.deepEqual((await topic.getMetadata())[0].labels, { team: 'data' });
    const [subscription] = await topic.createSubscription('function-a', {
      ackDeadlineSeconds: 600,
      retryPolicy: { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 600, nanos: 0 } },
      deadLetterPolicy: {
        deadLetterTopic: 'projects/test-project/topics/dead-letter',
        maxDeliveryAttempts: 7,
      },
      expirationPolicy: {},
      messageRetentionDuration: 3600,
      filter: 'attributes:target',
      enableMessageOrdering: true,
    });
    const [metadata] = await subscription.getMetadata();
    assert.equal(metadata.ackDeadlineSeconds, 600);
    assert.deepEqual(metadata.retryPolicy, {
      minimumBackoff: { seconds: '10', nanos: 0 },
      maximumBackoff: { seconds: '600', nanos: 0 },
    });
    assert.equal(metadata.deadLetterPolicy?.maxDeliveryAttempts, 7);
    assert.deepEqual(metadata.expirationPolicy, { ttl: null });
    assert.deepEqual(metadata.messageRetentionDuration, { seconds: '3600', nanos: 0 });
    assert.equal(metadata.filter, 'attributes:target');
    await subscription.setMetadata({ ackDeadlineSeconds: 60 });
    assert.equal((await subscription.getMetadata())[0].ackDeadlineSeconds, 60);
    await subscription.modifyPushConfig({ pushEndpoint: 'http://127.0.0.1:1/' });
    assert.equal((await subscription.getMetadata())[0].pushConfig?.pushEndpoint, 'http://127.0.0.1:1/');
    assert.deepEqual(
      (await topic.getSubscriptions())[0].map(({ name }) => name),
      ['projects/test-project/subscriptions/function-a'],
    );
    assert.deepEqual(
      (await client.getTopics())[0].map(({ name }) => name),
      ['projects/test-project/topics/dead-letter', 'projects/test-project/topics/topic-a'],
    );
    await subscription.delete();
    await topic.delete();
    assert.deepEqual(await topic.exists(), [false]);
  });

  test('publishes, and receives by streaming pull what it did not acknowledge again', async (t) => {
    const { client } = await start(t);
    const [topic] = await client.createTopic('topic-a');
    const [subscription] = await topic.createSubscription('function-a');
    // An attribute named like a duration of the protos is still an attribute.
    const attributes = { by: 'test', ttl: 'soon' };
    const messageId = await topic.publishMessage({ json: { target: 'all' }, attributes });
    const [first] = (await once(subscription, 'message')) as [Message];
    assert.deepEqual(
      [first.id, first.data.toString(), first.attributes],
      [messageId, '{"target":"all"}', attributes],
    );
    first.nack();
    const [again] = (await once(subscription, 'message')) as [Message];
    assert.equal(again.id, messageId);
    again.ack();
    await subscription.close();
  });

  test('receives thousands of messages, each once', async (t) => {
    const { client, until } = await start(t);
    const [topic] = await client.createTopic('topic-a');
    const [subscription] = await topic.createSubscription('function-a', { ackDeadlineSeconds: 600 });
    const received: string[] = [];
    subscription.on('message', (message: Message) => {
      received.push(message.data.toString());
      message.ack();
    });
    const sent = Array.from({ length: 3000 }, (_, n) => `message ${n}`);
    await Promise.all(sent.map((text) => topic.publishMessage({ data: Buffer.from(text) })));
    await until(() => received.length >= sent.length);
    assert.deepEqual(received.toSorted(), sent.toSorted());
    await subscription.close();
  });

  test('keeps policies, and lets everybody do everything', async (t) => {
    const { client } = await start(t);
    const [topic] = await client.createTopic('topic-a');
    const bindings = [{ role: 'roles/pubsub.publisher', members: ['user:somebody@example.com'] }];
    await topic.iam.setPolicy({ bindings });
    const [policy] = await topic.iam.getPolicy();
    assert.deepEqual(
      policy.bindings?.map(({ role, members }) => ({ role, members })),
      bindings,
    );
    const [allowed] = await topic.iam.testPermissions(['pubsub.topics.publish']);
    assert.deepEqual(allowed, { 'pubsub.topics.publish': true });
  });

  test('is told what is wrong by gRPC codes', async (t) => {
    const { client } = await start(t);
    const [topic] = await client.createTopic('topic-a');
    await assert.rejects(client.createTopic('topic-a'), {
      code: 6,
      details: 'Topic projects/test-project/topics/topic-a exists already.',
    });
    await assert.rejects(client.topic('missing').getMetadata(), {
      code: 5,
      details:
        'Topic projects/test-project/topics/missing does not exist. Create it with: gcloud pubsub topics create missing',
    });
    await assert.rejects(topic.createSubscription('function-a', { ackDeadlineSeconds: 5 }), {
      code: 3,
      details: 'ackDeadlineSeconds is 5; it must be from 10 to 600.',
    });
    await assert.rejects(client.createSchema('schema', 'AVRO', '{}'), { code: 12 });
    const subscription = client.subscription('missing');
    const [error] = (await once(
      subscription.on('message', () => {}),
      'error',
    )) as [{ code: number }];
    assert.equal(error.code, 5);
    await subscription.close();
  });

  test('is told when the subscription that it listens to is deleted', async (t) => {
    const { client, until, calls } = await start(t);
    const [topic] = await client.createTopic('topic-a');
    const [subscription] = await topic.createSubscription('function-a');
    subscription.on('message', () => {});
    const failed = once(subscription, 'error') as Promise<[{ code: number }]>;
    await until(() => calls.includes('pubsub.projects.subscriptions.streamingPull 200'));
    await client.subscription('function-a').delete();
    assert.equal((await failed)[0].code, 5);
    await subscription.close();
  });

  test('repeats what a fault on demand refused, and so publishes twice when only the answer was lost', async (t) => {
    const { client, faults, calls } = await start(t);
    const [topic] = await client.createTopic('topic-a');
    const [subscription] = await topic.createSubscription('function-a');
    faults.add({ operation: 'pubsub.projects.topics.publish', kind: 'error-after' });
    await topic.publishMessage({ data: Buffer.from('twice') });
    assert.deepEqual(
      calls.filter((call) => call.startsWith('pubsub.projects.topics.publish')),
      ['pubsub.projects.topics.publish 503', 'pubsub.projects.topics.publish 200'],
    );
    const ids = new Set<string>();
    const received = Promise.withResolvers<void>();
    subscription.on('message', (message: Message) => {
      message.ack();
      if (ids.add(message.id).size === 2) received.resolve();
    });
    await received.promise;
    await subscription.close();
  });

  test('finds its messages after the service was started again', async (t) => {
    const folder = temporaryFolder(t);
    const before = await start(t, folder);
    const [topic] = await before.client.createTopic('topic-a');
    await topic.createSubscription('function-a');
    const messageId = await topic.publishMessage({ data: Buffer.from('kept') });
    await before.pubsub.close();

    const after = await start(t, folder);
    const subscription = after.client.subscription('function-a');
    const [message] = (await once(subscription, 'message')) as [Message];
    assert.equal(message.id, messageId);
    message.ack();
    await subscription.close();
  });
});

async function start(t: TestContext, folder?: string): Promise<RunningPubSub & Client> {
  // Hooks run in the order of their making, and the client's connections must go before the server does.
  t.after(() => client.close());
  const running = await startPubSub(t, folder);
  process.env.PUBSUB_EMULATOR_HOST = `127.0.0.1:${running.port}`;
  const client = new PubSub({ projectId: 'test-project' });
  return { ...running, client, until };
}

interface Client {
  client: PubSub;
  /** Looks every 10 ms whether it is so, for at most 10 s. */
  until(condition: () => boolean): Promise<void>;
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < giveUpAt, 'This did not come true within 10 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

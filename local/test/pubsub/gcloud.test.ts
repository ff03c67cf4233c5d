import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Gcloud, gcloudFor, withoutGcloud } from '../support/gcloud.ts';
import { base64, startPubSub } from './harness.ts';

test('gcloud pubsub: a topic and a subscription from the first to the last', {
  skip: withoutGcloud,
}, async (t) => {
  const { gcloud, rest } = await start(t);
  await gcloud('pubsub', 'topics', 'create', 'topic-a');
  const topics = JSON.parse((await gcloud('pubsub', 'topics', 'list', '--format=json')).stdout) as object[];
  assert.deepEqual(topics, [{ name: 'projects/test-project/topics/topic-a' }]);
  await gcloud('pubsub', 'subscriptions', 'create', 'look', '--topic=topic-a', '--ack-deadline=600');

  const attribute = '--attribute=target=all,WORKERS=48';
  await gcloud('pubsub', 'topics', 'publish', 'topic-a', '--message={"source":"latest"}', attribute);
  const [received] = await pull(gcloud);
  assert.deepEqual(
    [received?.message.data, received?.message.attributes],
    [base64('{"source":"latest"}'), { target: 'all', WORKERS: '48' }],
  );
  await gcloud('pubsub', 'subscriptions', 'ack', 'look', `--ack-ids=${received?.ackId}`);
  const left = await rest('POST', 'projects/test-project/subscriptions/look:pull', {
    maxMessages: 1,
    returnImmediately: true,
  });
  assert.deepEqual(left.body, { receivedMessages: [] });

  await gcloud('pubsub', 'subscriptions', 'update', 'look', '--push-endpoint=http://127.0.0.1:1/');
  const list = await gcloud(
    'pubsub',
    'subscriptions',
    'list',
    '--format=value(name,pushConfig.pushEndpoint)',
  );
  assert.equal(list.stdout, 'projects/test-project/subscriptions/look\thttp://127.0.0.1:1/\n');
  await gcloud('pubsub', 'subscriptions', 'delete', 'look');
  await gcloud('pubsub', 'topics', 'delete', 'topic-a');
});

test('gcloud pubsub says what is wrong', { skip: withoutGcloud }, async (t) => {
  const { gcloud } = await start(t);
  await assert.rejects(gcloud('pubsub', 'topics', 'publish', 'missing', '--message=x'), ({ stderr }) => {
    assert.match(
      stderr,
      /NOT_FOUND: Topic projects\/test-project\/topics\/missing does not exist\. Create it with:/,
    );
    return true;
  });
});

async function start(t: TestContext) {
  const { port, rest } = await startPubSub(t);
  return { gcloud: gcloudFor(t, { PUBSUB: `http://127.0.0.1:${port}/` }), rest };
}

async function pull(gcloud: Gcloud) {
  const { stdout } = await gcloud('pubsub', 'subscriptions', 'pull', 'look', '--format=json');
  return JSON.parse(stdout) as { ackId: string; message: { data: string; attributes: object } }[];
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as realTime } from 'node:timers/promises';
import type { SubscriptionRequest } from '../../pubsub/resources.ts';
import { base64, openTestState, PROJECT, type Push, SUBSCRIPTION, startEndpoint, TOPIC } from './harness.ts';

describe('push delivery', () => {
  test('posts the message in the standard envelope', async (t) => {
    const { publish, endpoint } = await start(t);
    const messageId = publish('hello', { target: 'all' });
    const push = await endpoint.next();
    const { publishTime, publish_time, ...message } = push.body.message;
    assert.deepEqual(message, {
      data: base64('hello'),
      attributes: { target: 'all' },
      messageId,
      message_id: messageId,
    });
    assert.ok(Math.abs(Date.parse(String(publishTime)) - Date.now()) < 10_000);
    assert.equal(publish_time, publishTime);
    assert.deepEqual(Object.keys(push.body), ['message', 'subscription']);
    assert.equal(push.body.subscription, SUBSCRIPTION);
    assert.equal(push.headers['content-type'], 'application/json');
    assert.equal(push.headers.authorization, undefined);
  });

  test('says which attempt it is where there is a dead letter policy', async (t) => {
    const deadLetterPolicy = { deadLetterTopic: TOPIC, maxDeliveryAttempts: 5 };
    const { publish, endpoint } = await start(t, { deadLetterPolicy });
    publish('hello');
    assert.equal((await endpoint.next()).body.deliveryAttempt, 1);
  });

  for (const status of [200, 201, 202, 204]) {
    test(`${status} acknowledges the message`, async (t) => {
      const { publish, endpoint, kinds, until } = await start(t);
      publish('hello');
      (await endpoint.next()).answer(status);
      await until('acknowledged');
      assert.deepEqual(kinds(), ['delivered', 'acknowledged']);
    });
  }

  for (const status of [203, 302, 400, 404, 429, 500]) {
    test(`${status} does not, and the message comes again`, async (t) => {
      const { publish, endpoint, until } = await start(t);
      const messageId = publish('hello');
      (await endpoint.next()).answer(status);
      const nacked = await until('nacked');
      assert.equal(nacked.detail, `The push endpoint answered ${status}.`);
      assert.equal((await endpoint.next()).body.message.messageId, messageId);
    });
  }

  test('an endpoint that nobody listens on is tried again', async (t) => {
    const { until } = await start(t, { pushConfig: { pushEndpoint: 'http://127.0.0.1:1/' } }, 'hello');
    const nacked = await until('nacked');
    assert.equal(nacked.detail, 'The push endpoint answered nothing: connect ECONNREFUSED 127.0.0.1:1.');
    assert.equal((await until('nacked')).attempt, 2);
  });

  test('the backoff of the retry policy is waited for', async (t) => {
    const retryPolicy = { minimumBackoff: '10s', maximumBackoff: '600s' };
    const { publish, endpoint, until, clock } = await start(t, { retryPolicy });
    publish('hello');
    (await endpoint.next()).answer(500);
    await until('nacked');
    clock.advance(9_000);
    await realTime(20);
    assert.equal(endpoint.waiting(), 0);
    clock.advance(1_000);
    (await endpoint.next()).answer(204);
    await until('acknowledged');
  });

  test('no answer within the ack deadline is a failure, and breaks the request off', async (t) => {
    const { publish, endpoint, until, clock } = await start(t, { ackDeadlineSeconds: 600 });
    publish('slow');
    const late = await endpoint.next();
    clock.advance(600_000);
    assert.equal((await until('timed-out')).attempt, 1);
    late.answer(204);
    const again = await endpoint.next();
    again.answer(204);
    assert.equal((await until('acknowledged')).attempt, 2);
  });

  test('no more pushes are under way than the limit of the subscription', async (t) => {
    const { publish, endpoint, until } = await start(t, {}, undefined, 2);
    for (const text of ['one', 'two', 'three']) publish(text);
    const pushes = [await endpoint.next(), await endpoint.next()];
    await realTime(20);
    assert.equal(endpoint.waiting(), 0);
    pushes[0]?.answer(204);
    await until('acknowledged');
    assert.equal((await endpoint.next()).body.message.data, base64('three'));
  });

  test('carries a token with the audience and the email that were asked for', async (t) => {
    const { state, endpoint, publish } = await start(t);
    const oidcToken = { serviceAccountEmail: 'push@test-project.iam.gserviceaccount.com' };
    state.subscriptions.modifyPushConfig(SUBSCRIPTION, { pushEndpoint: endpoint.url, oidcToken });
    publish('hello');
    const claims = claimsOf(await endpoint.next());
    assert.equal(claims.aud, endpoint.url);
    assert.equal(claims.email, oidcToken.serviceAccountEmail);
    assert.equal(claims.iss, 'https://accounts.google.com');
    const audience = 'https://function-a';
    state.subscriptions.modifyPushConfig(SUBSCRIPTION, {
      pushEndpoint: endpoint.url,
      oidcToken: { ...oidcToken, audience },
    });
    publish('hello');
    assert.equal(claimsOf(await endpoint.next()).aud, audience);
  });

  test('what gathered before there was an endpoint is pushed when there is one', async (t) => {
    const { state, endpoint, publish } = await start(t);
    state.subscriptions.modifyPushConfig(SUBSCRIPTION, {});
    publish('hello');
    await realTime(20);
    assert.equal(endpoint.waiting(), 0);
    state.subscriptions.modifyPushConfig(SUBSCRIPTION, { pushEndpoint: endpoint.url });
    assert.equal((await endpoint.next()).body.message.data, base64('hello'));
  });

  test('a message that fails too often goes to the dead letter topic', async (t) => {
    const dead = `${PROJECT}/topics/dead`;
    const { publish, endpoint, until, clock } = await start(t, {
      deadLetterPolicy: { deadLetterTopic: dead, maxDeliveryAttempts: 5 },
    });
    publish('bad');
    for (let attempt = 1; attempt <= 5; attempt++) {
      (await endpoint.next()).answer(500);
      await until('nacked');
      clock.advance(60_000);
    }
    assert.equal((await until('dead-lettered')).detail, dead);
  });
});

async function start(t: TestContext, more: Partial<SubscriptionRequest> = {}, text?: string, limit = 100) {
  const endpoint = await startEndpoint(t);
  const opened = openTestState(t, undefined, limit);
  const { state, events, arrivals } = opened;
  state.topics.ensure(`${PROJECT}/topics/dead`);
  state.subscriptions.create({
    name: SUBSCRIPTION,
    topic: TOPIC,
    pushConfig: { pushEndpoint: endpoint.url },
    ...more,
  });
  t.after(() => state.close());
  let read = 0;
  const publish = (data: string, attributes: Record<string, string> = {}) =>
    state.topics.publish(TOPIC, [{ data: base64(data), attributes }])[0] ?? '';
  if (text) publish(text);
  return {
    ...opened,
    endpoint,
    publish,
    kinds: () => events.map(({ kind }) => kind),
    /** The next event of this kind after the one that was waited for last. */
    async until(kind: string) {
      for (;;) {
        const event = events[read];
        if (!event) await once(arrivals, 'event', { signal: AbortSignal.timeout(5_000) });
        else read += 1;
        if (event?.kind === kind) return event;
      }
    },
  };
}

function claimsOf(push: Push): Record<string, unknown> {
  const [scheme, token = ''] = (push.headers.authorization ?? '').split(' ');
  assert.equal(scheme, 'Bearer');
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
}

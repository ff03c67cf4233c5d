import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkMessages, checkName, checkSubscription, checkTopic } from '../../pubsub/limits.ts';
import type { Message, SubscriptionRequest } from '../../pubsub/resources.ts';
import { base64, PROJECT, SUBSCRIPTION, TOPIC } from './harness.ts';

describe('names', () => {
  for (const name of ['abc', 'topic-a', 'A.b_c~d+e%20f', `a${'b'.repeat(254)}`])
    test(`takes ${name.slice(0, 30)}`, () => checkName(`${PROJECT}/topics/${name}`, 'topics'));

  for (const name of ['ab', '1abc', 'google-topic', 'a/bc', 'a bc', '', `a${'b'.repeat(255)}`])
    test(`refuses ${JSON.stringify(name.slice(0, 30))}`, () =>
      assert.throws(() => checkName(`${PROJECT}/topics/${name}`, 'topics'), {
        status: 400,
        message:
          `${JSON.stringify(`${PROJECT}/topics/${name}`)} is not the name of one of topics: projects/PROJECT/topics/NAME, ` +
          'where NAME has 3 to 255 letters, digits or any of -._~+%, starts with a letter and not with "goog".',
      }));
});

describe('messages', () => {
  const refused: [string, Message[], string][] = [
    ['no message', [], 'The request holds no messages: give at least one.'],
    ['an empty message', [{}], 'A message needs data that is not empty, or at least one attribute.'],
    [
      'data that is not base64',
      [{ data: '{"target":"all"}' }],
      'The data of a message is not base64: "{\\"target\\":\\"all\\"}". Encode it, as clients and gcloud do.',
    ],
    [
      'more than 10 MB in all',
      [{ data: base64('x'.repeat(10_000_001)) }],
      'The messages have 10000001 bytes; a request may have 10000000. Publish fewer at a time.',
    ],
    [
      'more than 1000 messages',
      Array.from({ length: 1001 }, () => ({ data: 'eA==' })),
      'The number of messages is 1001; it must be from 1 to 1000.',
    ],
    [
      'too many attributes',
      [{ attributes: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`k${n}`, ''])) }],
      'The number of attributes is 101; it must be from 0 to 100.',
    ],
    [
      'a key that is Google’s',
      [{ attributes: { googclient: 'x' } }],
      'The attribute key "googclient" is not allowed: empty, or starts with "goog".',
    ],
    [
      'a key of more than 256 bytes',
      [{ attributes: { ['k'.repeat(257)]: 'x' } }],
      `The bytes of attribute key ${'k'.repeat(40)} is 257; it must be from 1 to 256.`,
    ],
    [
      'a value of more than 1024 bytes',
      [{ attributes: { key: 'ü'.repeat(513) } }],
      'The bytes of attribute key is 1026; it must be from 0 to 1024.',
    ],
    [
      'an ordering key of more than 1024 bytes',
      [{ data: 'eA==', orderingKey: 'k'.repeat(1025) }],
      'The bytes of orderingKey is 1025; it must be from 0 to 1024.',
    ],
  ];
  for (const [what, messages, message] of refused)
    test(`refuses ${what}`, () => assert.throws(() => checkMessages(messages), { status: 400, message }));

  test('takes base64 in either alphabet, padded or not', () => {
    checkMessages([{ data: '-_8' }, { data: '+/8=' }]);
  });

  test('takes 10 MB, and a message of attributes only', () => {
    checkMessages([{ data: base64('x'.repeat(10_000_000)) }]);
    checkMessages([{ attributes: { action: 'cancel' } }]);
  });
});

describe('subscriptions', () => {
  const given = { name: SUBSCRIPTION, topic: TOPIC };

  test('get the defaults of Google Cloud', () =>
    assert.deepEqual(
      checkSubscription({ ...given, retryPolicy: {}, deadLetterPolicy: { deadLetterTopic: TOPIC } }),
      {
        ...given,
        pushConfig: {},
        ackDeadlineSeconds: 10,
        messageRetentionDuration: '604800s',
        expirationPolicy: { ttl: '2678400s' },
        retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
        deadLetterPolicy: { deadLetterTopic: TOPIC, maxDeliveryAttempts: 5 },
        state: 'ACTIVE',
      },
    ));

  const refused: [Partial<SubscriptionRequest>, string][] = [
    [{ ackDeadlineSeconds: 9 }, 'ackDeadlineSeconds is 9; it must be from 10 to 600.'],
    [{ ackDeadlineSeconds: 601 }, 'ackDeadlineSeconds is 601; it must be from 10 to 600.'],
    [
      { messageRetentionDuration: '599s' },
      'messageRetentionDuration (seconds) is 599; it must be from 600 to 2678400.',
    ],
    [
      { messageRetentionDuration: '10m' },
      'messageRetentionDuration is "10m"; a duration is written like "600s".',
    ],
    [
      { expirationPolicy: { ttl: '60s' } },
      'expirationPolicy.ttl (seconds) is 60; it must be from 86400 to Infinity.',
    ],
    [
      { retryPolicy: { minimumBackoff: '20s', maximumBackoff: '10s' } },
      'retryPolicy.minimumBackoff (seconds) is 20; it must be from 0 to 10.',
    ],
    [
      { deadLetterPolicy: { deadLetterTopic: TOPIC, maxDeliveryAttempts: 4 } },
      'deadLetterPolicy.maxDeliveryAttempts is 4; it must be from 5 to 100.',
    ],
    [{ pushConfig: { pushEndpoint: 'nowhere' } }, 'pushConfig.pushEndpoint "nowhere" is not a URL.'],
  ];
  for (const [fields, message] of refused)
    test(`refuse ${JSON.stringify(fields)}`, () =>
      assert.throws(() => checkSubscription({ ...given, ...fields }), { status: 400, message }));

  for (const field of ['bigqueryConfig', 'enableExactlyOnceDelivery', 'retainAckedMessages'])
    test(`answer 501 for ${field}`, () =>
      assert.throws(() => checkSubscription({ ...given, [field]: true }), {
        status: 501,
        message: `The local cloud does not implement ${field} (Pub/Sub).`,
      }));

  test('a topic with a schema is answered 501', () =>
    assert.throws(() => checkTopic({ name: TOPIC, ...{ schemaSettings: {} } }), {
      status: 501,
      message: 'The local cloud does not implement schemaSettings (Pub/Sub).',
    }));
});

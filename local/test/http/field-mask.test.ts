import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyMask, maskPaths } from '../../http/field-mask.ts';

test('maskPaths reads the mask of REST and the one of gRPC', () => {
  assert.deepEqual(maskPaths('ackDeadlineSeconds,pushConfig.pushEndpoint'), [
    'ackDeadlineSeconds',
    'pushConfig.pushEndpoint',
  ]);
  assert.deepEqual(maskPaths(['ack_deadline_seconds', 'push_config.push_endpoint']), [
    'ackDeadlineSeconds',
    'pushConfig.pushEndpoint',
  ]);
});

test('applyMask changes what the mask names, clears what is not given, and leaves the rest', () => {
  const labels: Record<string, string> = { a: 'b' };
  const current = { labels, filter: 'x', retry: { minimum: '1s', maximum: '2s' } };
  const changes = { labels: { c: 'd' }, filter: 'y', retry: { maximum: '3s', minimum: '9s' } };
  assert.deepEqual(applyMask(current, changes, ['labels', 'retry.maximum']), {
    labels: { c: 'd' },
    filter: 'x',
    retry: { minimum: '1s', maximum: '3s' },
  });
  assert.deepEqual(applyMask<Partial<typeof current>>(current, {}, ['filter', 'retry.minimum']), {
    labels: { a: 'b' },
    retry: { maximum: '2s' },
  });
  assert.deepEqual(current.labels, { a: 'b' });
});

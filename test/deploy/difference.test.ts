import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { differences } from '../../deploy/plan/difference.ts';
import type { Json } from '../../deploy/table/resource.ts';

test('names what differs by its path, and leaves alone what only the cloud has', () => {
  assert.deepEqual(
    differences(
      { ack: 600, push: { account: 'a' }, labels: { 'managed-by': 'vicinity' }, scopes: ['x'] },
      { ack: 10, push: null, labels: { team: 'maps' }, scopes: ['x', 'y'], other: 1 },
    ),
    [
      { path: 'ack', from: 10, to: 600 },
      { path: 'push', from: null, to: { account: 'a' } },
      { path: 'labels.managed-by', to: 'vicinity' },
      { path: 'scopes', from: ['x', 'y'], to: ['x'] },
    ],
  );
});

test('nothing differs from itself, nor from itself with more beside it', () => {
  const record = fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<Json>);
  fc.assert(
    fc.property(record, (value) => {
      assert.deepEqual(differences(value, value), []);
      const more = { ...value, '\u0000 somebody else': 1 };
      assert.deepEqual(differences(value, more), []);
    }),
  );
});

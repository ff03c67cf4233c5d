import assert from 'node:assert/strict';
import { test } from 'node:test';
import { throwFailure } from '../../../shared/google/operations.ts';

const failedBy = (code: string) => () =>
  throwFailure('set the metadata of instance x', { error: { errors: [{ code, message: 'No' }] } });

test('an operation that failed by a fault of Compute Engine is tried again, another one is not', () => {
  assert.throws(failedBy('INTERNAL_ERROR'), {
    name: 'TransientError',
    message: 'set the metadata of instance x: No (INTERNAL_ERROR). Tried again later.',
  });
  assert.throws(failedBy('QUOTA_EXCEEDED'), {
    name: 'Error',
    message: 'set the metadata of instance x: No (QUOTA_EXCEEDED)',
  });
});

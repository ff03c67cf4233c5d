import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransientError } from '../../../shared/errors.ts';
import { domainError } from '../../../shared/google/errors.ts';

test('an answer without a word is told by its status', () => {
  const error = domainError({ code: 502, message: '' }, 'read gs://bucket/name');
  assert.ok(error instanceof TransientError);
  assert.equal(error.message, 'read gs://bucket/name: the response was HTTP 502. Tried again later.');
});

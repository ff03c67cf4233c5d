import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ignoreNotFound, withDeadline } from '../../../deploy/google/with-deadline.ts';

test('an answer that does not come is not waited for', async () => {
  await assert.rejects(
    withDeadline('read job a', () => new Promise(() => {}), 20),
    {
      name: 'TransientError',
      message: 'read job a: there was no answer for 0.02 s. Tried again later.',
    },
  );
});

test('what is not there is undefined', async () => {
  const call = () => Promise.reject(Object.assign(new Error('none'), { code: 404 }));
  assert.equal(await ignoreNotFound('read job a', call), undefined);
});

test('a passing fault is tried again', async () => {
  let tries = 0;
  const call = async () => {
    tries += 1;
    if (tries === 1) throw Object.assign(new Error('busy'), { code: 503 });
    return tries;
  };
  assert.equal(await withDeadline('read job a', call), 2);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ignoreNotFound, withDeadline } from '../../../deploy/google/with-deadline.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

test('a call without an answer fails after 30 s', async () => {
  const clock = new ManualClock();
  const answer = withDeadline('read job a', () => new Promise(() => {}), undefined, clock);
  clock.advance(30);
  await assert.rejects(answer, {
    name: 'TransientError',
    message: 'read job a: no answer within 30 s. Tried again later.',
  });
});

test('a missing resource is undefined', async () => {
  const call = () => Promise.reject(Object.assign(new Error('none'), { code: 404 }));
  assert.equal(await ignoreNotFound('read job a', call), undefined);
});

test('a transient error is retried', async () => {
  let tries = 0;
  const call = async () => {
    tries += 1;
    if (tries === 1) throw Object.assign(new Error('busy'), { code: 503 });
    return tries;
  };
  assert.equal(await withDeadline('read job a', call, undefined, new ManualClock()), 2);
});

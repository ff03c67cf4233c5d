import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetryConfig } from '../../scheduler/job.ts';
import { retriesRemain, retryDelayMs } from '../../scheduler/retry.ts';

const config: RetryConfig = {
  retryCount: 3,
  maxRetryDuration: '0s',
  minBackoffDuration: '10s',
  maxBackoffDuration: '300s',
  maxDoublings: 3,
};

test('the delays are those of the example in Google’s own proto', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((retry) => retryDelayMs(config, retry) / 1000);
  assert.deepEqual(delays, [10, 20, 40, 80, 160, 240, 300, 300]);
});

test('there are retryCount retries, and more until maxRetryDuration if that is given', () => {
  assert.equal(retriesRemain(config, 3, 0), true);
  assert.equal(retriesRemain(config, 4, 0), false);
  assert.equal(retriesRemain({ ...config, maxRetryDuration: '60s' }, 4, 59_000), true);
  assert.equal(retriesRemain({ ...config, maxRetryDuration: '60s' }, 4, 60_000), false);
  assert.equal(retriesRemain({ ...config, retryCount: 0, maxRetryDuration: '60s' }, 1, 0), false);
});

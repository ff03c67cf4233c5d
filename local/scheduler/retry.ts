import { durationMs } from '../core/duration.ts';
import type { RetryConfig } from './job.ts';

/**
 * Milliseconds before the `retry`-th retry (from 1): doubling `maxDoublings` times from the minimum, then growing
 * by the last step, up to the maximum (RetryConfig.max_doublings in google/cloud/scheduler/v1/job.proto).
 */
export function retryDelayMs(config: RetryConfig, retry: number): number {
  const { minBackoffDuration, maxBackoffDuration, maxDoublings } = config;
  const minimum = durationMs(minBackoffDuration, 'minBackoffDuration');
  const doublings = Math.min(retry - 1, maxDoublings);
  const linearSteps = retry - 1 - doublings;
  const delay = minimum * 2 ** doublings * (1 + linearSteps);
  return Math.min(delay, durationMs(maxBackoffDuration, 'maxBackoffDuration'));
}

/** Whether the attempts of one firing go on, `elapsedMs` after the first; both limits must be reached to end them. */
export function retriesRemain(config: RetryConfig, retry: number, elapsedMs: number): boolean {
  const { retryCount = 0, maxRetryDuration } = config;
  if (retryCount === 0) return false;
  const maxMs = durationMs(maxRetryDuration, 'maxRetryDuration');
  return retry <= retryCount || (maxMs > 0 && elapsedMs < maxMs);
}

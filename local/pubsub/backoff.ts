import { durationMs } from '../core/duration.ts';
import type { Subscription } from './resources.ts';

/** Without a retry policy a push endpoint is tried again after this long (https://cloud.google.com/pubsub/docs/push#push_backoff). */
const PUSH_MINIMUM_MS = 100;
const PUSH_MAXIMUM_MS = 60_000;

/**
 * Milliseconds to wait after the `failures`-th failed delivery of a message: doubling from the minimum to the maximum.
 * A pull subscription without a retry policy gives it again at once.
 */
export function backoffMs({ retryPolicy, pushConfig }: Subscription, failures: number): number {
  if (!retryPolicy && !pushConfig.pushEndpoint) return 0;
  const minimum = retryPolicy ? durationMs(retryPolicy.minimumBackoff, 'minimumBackoff') : PUSH_MINIMUM_MS;
  const maximum = retryPolicy ? durationMs(retryPolicy.maximumBackoff, 'maximumBackoff') : PUSH_MAXIMUM_MS;
  return Math.min(minimum * 2 ** (failures - 1), maximum);
}

import { IdempotencyStrategy, Storage } from '@google-cloud/storage';

/**
 * Cloud Storage's official client; STORAGE_EMULATOR_HOST points it elsewhere. Passing faults of every call are tried again: a conditional
 * write that was done already is refused then, and an unconditional one writes the same bytes. (With the default, RetryConditional, the
 * first unconditional write would switch retries off for all calls of the client, reads too: it sets `retryOptions.autoRetry` for good.)
 */
export function storageClient(project: string): Storage {
  return new Storage({
    projectId: project,
    retryOptions: {
      idempotencyStrategy: IdempotencyStrategy.RetryAlways,
      maxRetries: 3,
      totalTimeout: 30,
    },
  });
}

import { IdempotencyStrategy, Storage } from '@google-cloud/storage';

/** Cloud Storage's official client; STORAGE_EMULATOR_HOST points it elsewhere. A conditional write is never repeated blindly. */
export function storageClient(project: string): Storage {
  return new Storage({
    projectId: project,
    retryOptions: {
      idempotencyStrategy: IdempotencyStrategy.RetryConditional,
      maxRetries: 3,
      totalTimeout: 30,
    },
  });
}

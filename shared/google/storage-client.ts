import { Storage } from '@google-cloud/storage';

/**
 * Cloud Storage's official client; STORAGE_EMULATOR_HOST points it elsewhere. Its own retries are only for uploads on condition. Elsewhere
 * `retrying` does better: the client ends the process where a download is answered 503 and tried again
 * (https://github.com/googleapis/google-cloud-node/issues/8670), and makes no retries at all after the first write without a condition.
 */
export function storageClient(project: string, { autoRetry = false } = {}): Storage {
  return new Storage({ projectId: project, retryOptions: { autoRetry, maxRetries: 3, totalTimeout: 30 } });
}

import { Storage } from '@google-cloud/storage';
import { checkedUrl } from './endpoints.ts';

/**
 * Cloud Storage's official client; STORAGE_EMULATOR_HOST points it elsewhere. Its own retries are only for uploads on condition. Elsewhere
 * `retrying` does better: the client ends the process where a download is answered 503 and tried again
 * (https://github.com/googleapis/google-cloud-node/issues/8670), and makes no retries at all after the first write without a condition.
 */
export function storageClient(project: string, { autoRetry = false } = {}): Storage {
  const { STORAGE_EMULATOR_HOST } = process.env;
  if (STORAGE_EMULATOR_HOST) checkedUrl(STORAGE_EMULATOR_HOST, 'STORAGE_EMULATOR_HOST');
  return new Storage({ projectId: project, retryOptions: { autoRetry, maxRetries: 3, totalTimeout: 30 } });
}

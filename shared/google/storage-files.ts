import { CRC32C } from '@google-cloud/storage';
import { type Clock, systemClock } from '../ports/clock.ts';
import type { FileStore } from '../ports/files.ts';
import { downloadFile } from './download-file.ts';
import { httpStatus } from './errors.ts';
import { readBytes } from './read-stream.ts';
import { storageClient } from './storage-client.ts';
import { storageObjects } from './storage-objects.ts';
import { uploadFile } from './upload-file.ts';
import { withRetry } from './with-retry.ts';

/** Cloud Storage for files of any size, on top of the objects. */
export function storageFiles(bucketName: string, project: string, clock: Clock = systemClock): FileStore {
  const client = storageClient(project);
  const bucket = client.bucket(bucketName);
  const uploads = storageClient(project, { autoRetry: true }).bucket(bucketName);

  return {
    ...storageObjects(bucketName, project, client, clock),

    async readFrom(name, offset, most) {
      const range = { start: offset, ...(most !== undefined && { end: offset + most - 1 }) };
      const read = () => readBytes(bucket.file(name), { ...range, validation: false }, clock);
      try {
        return await withRetry(`read gs://${bucketName}/${name}`, read, { clock, random: Math.random });
      } catch (error) {
        const status = httpStatus((error as Error).cause);
        if (status === 404) return undefined;
        if (status === 416) return Buffer.alloc(0);
        throw error;
      }
    },

    upload: (name, file, onBytes = ignore, sha256) =>
      uploadFile({ bucket: uploads, name, file, onBytes, sha256 }),

    download: (object, file, onBytes = ignore) => downloadFile({ bucket, object, file, onBytes, clock }),

    async checksum(file) {
      return (await CRC32C.fromFile(file)).toString();
    },
  };
}

function ignore(): void {}

import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { TransientError } from '../../shared/errors.ts';
import { inParallel } from '../../shared/parallel.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { FileStore, OnBytes } from '../../shared/ports/files.ts';
import type { ResultFile } from './places.ts';

const DOWNLOADS_AT_ONCE = 8;
const TRIES = 4;
const FIRST_PAUSE_MS = 500;

/** The files that are not there yet, or differ: by size, then by checksum. */
export async function missingFiles(objects: FileStore, files: ResultFile[]): Promise<ResultFile[]> {
  const verified = await inParallel(DOWNLOADS_AT_ONCE, files, ({ object, file }) =>
    isVerified(objects, object, file),
  );
  return files.filter((_, index) => !verified[index]);
}

/** Downloads all; each file is there only once it is whole and its checksum is right. */
export async function downloadFiles(
  objects: FileStore,
  files: ResultFile[],
  clock: Clock,
  onBytes: OnBytes,
): Promise<void> {
  await inParallel(DOWNLOADS_AT_ONCE, files, (file) => downloadFile(objects, file, clock, onBytes));
}

async function downloadFile(
  objects: FileStore,
  { object, file }: ResultFile,
  clock: Clock,
  onBytes: OnBytes,
) {
  const part = path.join(path.dirname(file), `.${path.basename(file)}.part`);
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await tryAgain(clock, () => objects.download(object, part, onBytes));
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

async function isVerified(objects: FileStore, object: ResultFile['object'], file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile() || found.size !== object.bytes) return false;
  return (await objects.checksum(file)) === object.crc32c;
}

async function tryAgain(clock: Clock, work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientError) || tries === TRIES) throw error;
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  }
}

import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { TransientError } from '../../shared/errors.ts';
import { mapConcurrent } from '../../shared/map-concurrent.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { FileStore, OnBytes } from '../../shared/ports/files.ts';
import type { ResultFile } from './places.ts';

const DOWNLOADS_AT_ONCE = 8;
/** In a row that bring nothing more. */
const TRIES = 4;
const FIRST_PAUSE_MS = 500;
/** `.name.generation.part` */
const PART_NAME = /^\..+\.\d+\.part$/;

/** The files that are not there yet, or differ: by size, then by checksum. */
export async function missingFiles(objects: FileStore, files: ResultFile[]): Promise<ResultFile[]> {
  const verified = await mapConcurrent(DOWNLOADS_AT_ONCE, files, ({ object, file }) =>
    isVerified(objects, object, file),
  );
  return files.filter((_, index) => !verified[index]);
}

/** Bytes of the files that an interrupted download has left: this one goes on from there. */
export async function bytesOfParts(files: ResultFile[]): Promise<number> {
  const sizes = await mapConcurrent(DOWNLOADS_AT_ONCE, files, (file) => sizeOf(partOf(file)));
  return sizes.reduce<number>((sum, size = 0) => sum + size, 0);
}

/**
 * Downloads all; each file is there only once it is whole and its checksum is right. What came before an interruption stays beside
 * it, for the next time.
 */
export async function downloadFiles(
  objects: FileStore,
  files: ResultFile[],
  clock: Clock,
  onBytes: OnBytes,
): Promise<void> {
  await mapConcurrent(DOWNLOADS_AT_ONCE, files, (file) => downloadFile(objects, file, clock, onBytes));
  await removeStaleParts(files);
}

async function downloadFile(objects: FileStore, wanted: ResultFile, clock: Clock, onBytes: OnBytes) {
  const part = partOf(wanted);
  await mkdir(path.dirname(part), { recursive: true });
  await tryAgain(
    clock,
    () => objects.download(wanted.object, part, onBytes),
    async () => (await sizeOf(part)) ?? 0,
  );
  await rename(part, wanted.file);
}

/** Named by its generation: what came of one is no beginning of another. */
function partOf({ object, file }: ResultFile): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${object.generation}.part`);
}

/** Of generations that are gone. */
async function removeStaleParts(files: ResultFile[]): Promise<void> {
  for (const folder of new Set(files.map(({ file }) => path.dirname(file)))) {
    const parts = (await readdir(folder)).filter((name) => PART_NAME.test(name));
    for (const part of parts) await rm(path.join(folder, part));
  }
}

async function isVerified(objects: FileStore, object: ResultFile['object'], file: string): Promise<boolean> {
  if ((await sizeOf(file)) !== object.bytes) return false;
  return (await objects.checksum(file)) === object.crc32c;
}

/** Undefined where there is no such file. */
async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

/** Does the work until it succeeds, or several tries in a row have not brought it further than any before. */
async function tryAgain(
  clock: Clock,
  work: () => Promise<void>,
  progress: () => Promise<number>,
): Promise<void> {
  let furthest = await progress();
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const reached = await progress();
      if (reached > furthest) tries = 1;
      furthest = Math.max(furthest, reached);
      if (!(error instanceof TransientError) || tries === TRIES) throw error;
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  }
}

import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { TransientError } from '../../shared/errors.ts';
import { mapConcurrent } from '../../shared/map-concurrent.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { FileStore, OnBytes } from '../../shared/ports/files.ts';
import { PARTS_FOLDER, type ResultFile, type Skipped } from './places.ts';

const DOWNLOADS_AT_ONCE = 8;
/** In a row that bring nothing more. */
const TRIES = 4;
const FIRST_PAUSE_MS = 500;
/** What stands in the way of one file and not of the others. */
const REASONS: Record<string, string> = {
  EEXIST: 'needs a folder where there is a file',
  EILSEQ: 'has a name that this disk does not allow',
  EINVAL: 'has a name that this disk does not allow',
  EISDIR: 'needs a file where there is a folder',
  ELOOP: 'has links that lead in a circle on its path',
  ENAMETOOLONG: 'has a path that is too long for this disk; --output takes a shorter folder',
  ENOTDIR: 'needs a folder where there is a file',
  ENOTEMPTY: 'needs a file where there is a folder',
};

/** The files that are not there yet, or differ: by size, then by checksum. */
export async function missingFiles(objects: FileStore, files: ResultFile[]): Promise<ResultFile[]> {
  const verified = await mapConcurrent(DOWNLOADS_AT_ONCE, files, ({ object, file }) =>
    isVerified(objects, object, file),
  );
  return files.filter((_, index) => !verified[index]);
}

/** Bytes of the files that an interrupted download has left below `folder`: the next one continues there. */
export async function bytesOfParts(folder: string, files: ResultFile[]): Promise<number> {
  const sizes = await mapConcurrent(DOWNLOADS_AT_ONCE, files, (file) => sizeOf(partOf(folder, file)));
  return sizes.reduce<number>((sum, size = 0) => sum + size, 0);
}

/**
 * Downloads the files into `folder`; each one is there only once it is complete and its checksum is right. After an interruption, the
 * beginnings of files stay for the next time. Returns the files that cannot have their place on this disk, and why.
 */
export async function downloadFiles(
  objects: FileStore,
  folder: string,
  files: ResultFile[],
  clock: Clock,
  onBytes: OnBytes,
): Promise<Skipped[]> {
  if (files.length > 0) await mkdir(path.join(folder, PARTS_FOLDER), { recursive: true });
  const skipped = await mapConcurrent(DOWNLOADS_AT_ONCE, files, async (file): Promise<Skipped[]> => {
    try {
      await downloadFile(objects, folder, file, clock, onBytes);
      return [];
    } catch (error) {
      const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
      if (reason === undefined) throw error;
      return [{ path: file.path, reason }];
    }
  });
  await rm(path.join(folder, PARTS_FOLDER), { recursive: true, force: true });
  return skipped.flat();
}

async function downloadFile(
  objects: FileStore,
  folder: string,
  wanted: ResultFile,
  clock: Clock,
  onBytes: OnBytes,
): Promise<void> {
  const part = partOf(folder, wanted);
  // Before the transfer: what cannot have its place need not come.
  await mkdir(path.dirname(wanted.file), { recursive: true });
  if ((await statOf(wanted.file))?.isDirectory())
    throw Object.assign(new Error(wanted.file), { code: 'EISDIR' });
  await tryAgain(
    clock,
    () => objects.download(wanted.object, part, onBytes),
    async () => (await sizeOf(part)) ?? 0,
  );
  await rename(part, wanted.file);
}

/** Named by object and generation, because the beginning of one is not the beginning of another. */
function partOf(folder: string, { object }: ResultFile): string {
  const name = createHash('sha256').update(`${object.name} ${object.generation}`).digest('hex');
  return path.join(folder, PARTS_FOLDER, name);
}

async function isVerified(objects: FileStore, object: ResultFile['object'], file: string): Promise<boolean> {
  if ((await sizeOf(file)) !== object.bytes) return false;
  return (await objects.checksum(file)) === object.crc32c;
}

/** Undefined where there is no such file. */
async function sizeOf(file: string): Promise<number | undefined> {
  const found = await statOf(file);
  return found?.isFile() ? found.size : undefined;
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code in REASONS) return undefined;
    throw error;
  }
}

/** Repeats the work until it succeeds, or until several tries in a row bring it no further. */
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

import { createHash } from 'node:crypto';
import { createWriteStream, lstatSync, type Stats } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Header, Pack, ReadEntry, type WriteEntry } from 'tar';
import { InvalidError, type ValidationIssue } from '../../shared/errors.ts';
import { PACKAGE_MANIFEST, type PackageManifest } from '../../shared/model/package.ts';
import type { OnBytes } from '../../shared/ports/files.ts';
import type { TrackedFile } from './tracked.ts';

/** The time of the oldest file; each place in the order is a second later. Not 1970: zip files have no times before 1980. */
const OLDEST_MS = Date.UTC(1980, 0, 1);
const GZIP_LEVEL = 6;

export interface Tarball {
  file: string;
  sha256: string;
  bytes: number;
}

export interface TarballContent {
  /** Folder of the files. */
  directory: string;
  files: TrackedFile[];
  /** Age of each file by its path, as a place in the order of modification. */
  order: Map<string, number>;
  manifest: PackageManifest;
}

/**
 * Writes the package, its manifest first. The same files in the same order of modification, and the same manifest, give the same
 * bytes. Calls `onBytes` with the bytes read from files. Throws InvalidError with the names of files that change meanwhile.
 */
export async function writeTarball(
  content: TarballContent,
  file: string,
  onBytes: OnBytes,
): Promise<Tarball> {
  const { directory, files, order, manifest } = content;
  const sha256 = createHash('sha256');
  let bytes = 0;
  const reads = new ReadMeter(onBytes);
  const pack = new Pack({
    cwd: directory,
    portable: true,
    strict: true,
    // Names are packed as they are: without this, `a:b` and `\a` lose their beginning, which is a root on Windows.
    preservePaths: true,
    gzip: { level: GZIP_LEVEL },
    onWriteEntry: (entry) => reads.add(entry),
    statCache: new Map(files.map((each) => [path.join(directory, each.path), neutral(each, order)])),
  });
  const measured = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      reads.report();
      sha256.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const written = pipeline(pack, measured, createWriteStream(file));
  pack.add(manifestEntry(manifest));
  for (const each of files) pack.add(each.path);
  pack.end();
  const failure = await written.then(
    () => undefined,
    (error: Error) => error,
  );
  const changes = changesOf(directory, files);
  if (changes.length > 0) throw new InvalidError(changes);
  if (failure) throw failure;
  return { file, sha256: sha256.digest('hex'), bytes };
}

/** Reports how many bytes of the files have been read, also within a large one. */
class ReadMeter {
  readonly #onBytes: OnBytes;
  readonly #open = new Set<WriteEntry>();
  #finished = 0;
  #reported = 0;

  constructor(onBytes: OnBytes) {
    this.#onBytes = onBytes;
  }

  add(entry: WriteEntry): void {
    this.#open.add(entry);
    entry.on('end', () => {
      this.#open.delete(entry);
      this.#finished += entry.stat?.size ?? 0;
    });
  }

  report(): void {
    const read = [...this.#open].reduce((sum, { pos }) => sum + pos, this.#finished);
    this.#onBytes(read - this.#reported);
    this.#reported = read;
  }
}

/** As git keeps it: executable or not; and never a hard link, which depends on the file system. */
function neutral({ path: file, stat, isExecutable }: TrackedFile, order: Map<string, number>): Stats {
  const mode = stat.isSymbolicLink() ? 0o777 : isExecutable ? 0o755 : 0o644;
  const copy = Object.create(Object.getPrototypeOf(stat) as object, Object.getOwnPropertyDescriptors(stat));
  return Object.assign(copy, {
    nlink: 1,
    mode: (stat.mode & ~0o7777) | mode,
    mtime: new Date(OLDEST_MS + (order.get(file) ?? 0) * 1000),
  }) as Stats;
}

/** The files that are not what they were when they were looked at. */
function changesOf(directory: string, files: TrackedFile[]): ValidationIssue[] {
  return files
    .filter(({ path: file, stat }) => {
      const now = lstatSync(path.join(directory, file), { throwIfNoEntry: false });
      return now?.size !== stat.size || now.mtimeMs !== stat.mtimeMs || now.ino !== stat.ino;
    })
    .map(({ path: file }) => ({
      field: file,
      problem: 'changed while it was packaged',
      remedy: 'Push again once nothing writes to it, or list it under source.exclude.',
    }));
}

function manifestEntry(manifest: PackageManifest): ReadEntry {
  const content = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
  const header = new Header({
    path: PACKAGE_MANIFEST,
    type: 'File',
    size: content.length,
    mode: 0o644,
    mtime: new Date(OLDEST_MS),
  });
  const entry = new ReadEntry(header);
  entry.end(content);
  return entry;
}

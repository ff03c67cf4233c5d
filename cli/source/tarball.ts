import { createHash } from 'node:crypto';
import { createWriteStream, type Stats } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Header, Pack, ReadEntry } from 'tar';
import { PACKAGE_MANIFEST, type PackageManifest } from '../../shared/model/package.ts';
import type { TrackedFile } from './tracked.ts';

/** Every entry's, so that the same content gives the same bytes. Not 1970: zip and its relatives know no time before 1980. */
const FIXED_MTIME = new Date('1980-01-01T00:00:00Z');
const GZIP_LEVEL = 6;

export interface Tarball {
  file: string;
  sha256: string;
  bytes: number;
}

/** Writes the package, its manifest first. The same files and manifest give the same bytes, whatever their times and owners. */
export async function writeTarball(
  directory: string,
  files: TrackedFile[],
  manifest: PackageManifest,
  file: string,
): Promise<Tarball> {
  const pack = new Pack({
    cwd: directory,
    portable: true,
    strict: true,
    mtime: FIXED_MTIME,
    gzip: { level: GZIP_LEVEL },
    statCache: new Map(files.map((each) => [path.join(directory, each.path), neutral(each.stat)])),
  });
  const sha256 = createHash('sha256');
  let bytes = 0;
  const measured = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      sha256.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const written = pipeline(pack, measured, createWriteStream(file));
  pack.add(manifestEntry(manifest));
  for (const each of files) pack.add(each.path);
  pack.end();
  await written;
  return { file, sha256: sha256.digest('hex'), bytes };
}

/** As git keeps it: executable or not; and never a hard link, which depends on the file system. */
function neutral(stat: Stats): Stats {
  const mode = stat.isSymbolicLink() ? 0o777 : stat.mode & 0o100 ? 0o755 : 0o644;
  return Object.assign(stat, { nlink: 1, mode: (stat.mode & ~0o7777) | mode });
}

function manifestEntry(manifest: PackageManifest): ReadEntry {
  const content = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
  const header = new Header({
    path: PACKAGE_MANIFEST,
    type: 'File',
    size: content.length,
    mode: 0o644,
    mtime: FIXED_MTIME,
  });
  const entry = new ReadEntry(header);
  entry.end(content);
  return entry;
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
const CENTRAL_HEADER = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const STORED = 0;
const DEFLATED = 8;
/** Of everything in it (https://cloud.google.com/functions/quotas). */
const MAX_BYTES = 500 * 1024 * 1024;

interface Entry {
  path: string;
  method: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

/** Writes the files of a ZIP archive below `folder`. Throws where it is none, or a path leaves the folder. */
export function unpackZip(archive: Buffer, folder: string): void {
  const entries = entriesOf(archive).filter(({ path }) => !path.endsWith('/'));
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > MAX_BYTES)
    throw new Error(`The archive holds ${total} bytes; a function may have ${MAX_BYTES}.`);
  for (const entry of entries) {
    const target = join(folder, safe(entry.path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contentOf(archive, entry));
  }
}

function entriesOf(archive: Buffer): Entry[] {
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_BYTES > archive.length || archive.readUInt32LE(at) !== CENTRAL_HEADER)
      throw notAnArchive();
    const nameBytes = archive.readUInt16LE(at + 28);
    entries.push({
      path: archive.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes),
      method: archive.readUInt16LE(at + 10),
      crc: archive.readUInt32LE(at + 16),
      packed: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
    });
    at += CENTRAL_BYTES + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/** Position of the record at the end, before which there may be nothing but a comment. */
function endOf(archive: Buffer): number {
  const earliest = Math.max(archive.length - END_BYTES - MAX_COMMENT_BYTES, 0);
  for (let at = archive.length - END_BYTES; at >= earliest; at--)
    if (archive.readUInt32LE(at) === END_OF_CENTRAL_DIRECTORY) return at;
  throw notAnArchive();
}

function contentOf(archive: Buffer, { path, method, crc, packed, size, offset }: Entry): Buffer {
  if (offset + LOCAL_BYTES > archive.length || archive.readUInt32LE(offset) !== LOCAL_HEADER)
    throw notAnArchive();
  const start = offset + LOCAL_BYTES + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const bytes = archive.subarray(start, start + packed);
  if (method !== STORED && method !== DEFLATED)
    throw new Error(
      `${path} in the archive is packed by the method ${method}, which is not implemented here.`,
    );
  const content = method === STORED ? bytes : inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
  if (content.length !== size || crc32(content) !== crc)
    throw new Error(`${path} in the archive is damaged.`);
  return content;
}

function safe(path: string): string {
  const normal = normalize(path);
  if (normal.startsWith('/') || normal.split('/').includes('..') || normal.includes('\0'))
    throw new Error(`The path ${JSON.stringify(path)} in the archive leaves the function's folder.`);
  return normal;
}

function notAnArchive(): Error {
  return new Error('The source is no ZIP archive.');
}

import { crc32, deflateRawSync } from 'node:zlib';
import type { SourceFile } from '../table/resource.ts';

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT: names of the records are its own. */
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** 1980-01-01, the format's first day: the same files always give the same bytes. */
const DATE = 0x0021;
const REGULAR_FILE = 0o100644 << 16;

/** A ZIP archive of a few small files, as Cloud Functions takes the source of a function. */
export function zip(files: SourceFile[]): Buffer {
  const entries: { central: Buffer; local: Buffer }[] = [];
  let offset = 0;
  for (const file of files) {
    const entry = entryOf(file, offset);
    entries.push(entry);
    offset += entry.local.length;
  }
  const directory = Buffer.concat(entries.map(({ central }) => central));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_OF_CENTRAL_DIRECTORY, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...entries.map(({ local }) => local), directory, end]);
}

function entryOf({ name, content }: SourceFile, offset: number): { central: Buffer; local: Buffer } {
  const path = Buffer.from(name);
  const packed = deflateRawSync(content);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(UTF8_NAMES, 2);
  common.writeUInt16LE(DEFLATED, 4);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(path.length, 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(REGULAR_FILE >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([uint32(LOCAL_HEADER), common, path, packed]),
    central: Buffer.concat([uint32(CENTRAL_HEADER), madeByUnix(), common, rest, path]),
  };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** So that the external attributes are Unix permissions. */
function madeByUnix(): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE((3 << 8) | VERSION);
  return bytes;
}

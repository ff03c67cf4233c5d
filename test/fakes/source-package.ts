import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

export type EntrySpec = {
  path: string;
  content?: string;
  type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice';
  linkpath?: string;
};

/** A gzipped tar of exactly these entries, unsafe ones too, and its SHA-256. */
export async function packageOf(
  files: Record<string, string> | EntrySpec[],
): Promise<{ sha256: string; bytes: Buffer }> {
  const entries = Array.isArray(files)
    ? files
    : Object.entries(files).map(([path, content]) => ({ path, content }));
  const bytes = gzipSync(Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)]));
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
}

function blocksOf({ path, content = '', type = 'File', linkpath = '' }: EntrySpec): Buffer[] {
  const body = Buffer.from(content);
  const header = new Header({
    path,
    type,
    linkpath,
    size: body.length,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: new Date(0),
  });
  const block = Buffer.alloc(512);
  header.encode(block);
  return [block, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Reply } from './http/reply.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page's own files by their paths, read once. */
export function pageFiles(folder: string): Map<string, Reply> {
  const files = readdirSync(folder).filter((name) => extname(name) in TYPES);
  const replies = files.map((name): [string, Reply] => [
    name === 'index.html' ? '/' : `/${name}`,
    {
      headers: { 'content-type': TYPES[extname(name)] ?? '', 'cache-control': 'no-cache' },
      body: readFileSync(join(folder, name)),
    },
  ]);
  return new Map(replies);
}

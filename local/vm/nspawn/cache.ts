import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const KEPT_MS = 60 * 24 * 3600 * 1000;

/** Where images and packages are kept for every cloud of this user. */
export function cacheDirectory(env: Record<string, string | undefined> = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gcp-local');
}

/** Marks something in the cache as used now. */
export async function noteUse(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

/** Removes what nobody has used for sixty days; a missing folder counts as empty. */
export async function forgetUnused(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const path of names.map((name) => join(folder, name))) {
    const { mtimeMs } = await stat(path);
    if (mtimeMs < Date.now() - KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}

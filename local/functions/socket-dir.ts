import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder that only this user can open, empty whatever an earlier host left in it. It is not in the state directory: the path
 * of a Unix socket is limited to about 100 bytes.
 */
export function makeSocketDir(logDir: string): string {
  const id = createHash('sha256').update(logDir).digest('hex').slice(0, 12);
  const directory = join(tmpdir(), `gcp-local-functions-${id}`);
  removeSocketDir(directory);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}

export function removeSocketDir(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the git work tree that `cwd` is in. */
export function repositoryTop(cwd: string): string | undefined {
  return upward(cwd).find((folder) => existsSync(join(folder, '.git')));
}

/** `from` and the folders above it, up to `to`. */
export function upward(from: string, to?: string): string[] {
  const folders = [from];
  for (let folder = from; folder !== to && folder !== dirname(folder); folder = dirname(folder))
    folders.push(dirname(folder));
  return folders;
}

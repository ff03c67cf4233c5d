import { statSync } from 'node:fs';

/** Why what a person names as a file is none; undefined where it is one. */
export function fileProblem(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return 'does not exist';
  return found.isDirectory() ? 'is a folder' : undefined;
}

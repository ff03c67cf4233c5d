import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of a program by its name, as a shell would find it; undefined where the search path has none. */
export function findProgram(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

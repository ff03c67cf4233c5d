import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** For a test's `skip` option: the reason to skip it, or false where the search path has the program. */
export function withoutProgram(name: string): string | false {
  const isInstalled = (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => isProgram(join(folder, name)));
  return isInstalled ? false : `skipped, because ${name} is not installed`;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

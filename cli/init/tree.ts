import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The pipeline's folder, as far as a proposal needs it. */
export interface Tree {
  directory: string;
  /** Relative to it. */
  tracked: ReadonlySet<string>;
  /** Files and whole folders (with a slash at the end) that git ignores. */
  ignored: string[];
}

export function isTrackedFolder({ tracked }: Tree, folder: string): boolean {
  return [...tracked].some((file) => file.startsWith(`${folder}/`));
}

export function isIgnored({ ignored }: Tree, file: string): boolean {
  return ignored.some(
    (entry) => file === entry || `${file}/` === entry || (entry.endsWith('/') && file.startsWith(entry)),
  );
}

export function kindOf({ directory }: Tree, file: string): 'file' | 'folder' | undefined {
  const found = statSync(path.join(directory, file), { throwIfNoEntry: false });
  if (found?.isFile()) return 'file';
  return found?.isDirectory() ? 'folder' : undefined;
}

/** Text of a file below the folder; undefined where it is not there. */
export function textOf({ directory }: Tree, file: string): string | undefined {
  const found = path.join(directory, file);
  return existsSync(found) && statSync(found).isFile() ? readFileSync(found, 'utf8') : undefined;
}

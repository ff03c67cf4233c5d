import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whether each product exists and is newer than every source; a folder stands for all files below it. As make decides. */
export function isUpToDate(products: string[], sources: string[]): boolean {
  const made = products.map(modifiedAt);
  return Math.min(...made) > Math.max(...sources.flatMap(filesOf).map(modifiedAt));
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Milliseconds since 1970; of a file that is not there, the beginning of time. */
function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

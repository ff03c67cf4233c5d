import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE_SUFFIX, functionsFolder } from '../shared/artifacts/parts.ts';
import { FUNCTIONS, type FunctionName } from '../shared/model/functions.ts';
import type { SourceFile } from './table/resource.ts';

/** The files of each function, as they are uploaded: without code caches. */
export async function functionSources(): Promise<Record<FunctionName, SourceFile[]>> {
  const folder = await functionsFolder();
  const entries = FUNCTIONS.map(({ name }) => [name, filesOf(path.join(folder, name))] as const);
  return Object.fromEntries(entries) as Record<FunctionName, SourceFile[]>;
}

function filesOf(folder: string): SourceFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(CACHE_SUFFIX))
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return { name: path.relative(folder, file).replaceAll(path.sep, '/'), content: readFileSync(file) };
    });
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

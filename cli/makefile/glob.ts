import { globSync } from 'node:fs';

export function hasWildcard(word: string): boolean {
  return /[*?[]/.test(word);
}

/** The files that a pattern of make matches, sorted; a name without wildcards if it exists. Relative to the folder. */
export function glob(directory: string, pattern: string): string[] {
  // make knows no braces.
  const files = globSync(pattern.replaceAll(/[{}!()]/g, '\\$&'), { cwd: directory });
  return files.map((file) => (pattern.endsWith('/') ? `${file}/` : file)).sort();
}

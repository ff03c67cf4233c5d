import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Path of the functions framework's main program, beside the library that its package exports. A bundler may replace this file with
 * one that names a copy.
 */
export function functionsFramework(): string {
  const library = createRequire(import.meta.url).resolve('@google-cloud/functions-framework');
  return join(dirname(library), 'main.js');
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Path of the functions framework's main program, beside the library that its package exports. In an installed package it is a
 * copy beside the bundle (scripts/build-programs.ts).
 */
export function functionsFramework(): string {
  const library = createRequire(import.meta.url).resolve('@google-cloud/functions-framework');
  return join(dirname(library), 'main.js');
}

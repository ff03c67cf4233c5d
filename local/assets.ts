import { join } from 'node:path';

/** The module that every function process loads first. A bundle has it in a folder of the same name. */
export function functionsPreload(): string {
  return join(import.meta.dirname, 'functions', 'preload.cjs');
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from '../shared/artifacts/parts.ts';

/** The one place that knows where the parts are that the local cloud alone runs but does not import. */

export function functionsPreload(): string {
  return join(import.meta.dirname, 'functions', 'preload.cjs');
}

/** A small pipeline to try things with. */
export function examplePipeline(): string {
  return join(PACKAGE, 'examples', 'vicinity');
}

/** The `vicinity` command, or undefined where it is not part of the package. */
export function vicinityCommand(): string | undefined {
  const command = join(PACKAGE, 'cli', 'bin', 'vicinity.cjs');
  return existsSync(command) ? command : undefined;
}

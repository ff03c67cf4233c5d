import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from '../shared/artifacts/parts.ts';

/** The small pipeline that is served where there is no other. */
export function examplePipeline(): string {
  return join(PACKAGE, 'examples', 'vicinity');
}

/** The `vicinity` command; undefined where the package does not contain it. */
export function vicinityCommand(): string | undefined {
  const command = join(PACKAGE, 'cli', 'bin', 'vicinity.cjs');
  return existsSync(command) ? command : undefined;
}

import { join } from 'node:path';
import { functionsFramework } from '../../functions/framework.ts';
import type { Revision } from '../../functions/revision.ts';
import { STUBS, type Stub } from './stub-bundles.ts';

/** The stub bundles of a folder, ready to be served. */
export function stubRevisions(
  directory: string,
  environment: Revision['environment'],
  stubs: readonly Stub[] = STUBS,
): Revision[] {
  return stubs.map(({ name, target }) => ({
    name,
    target,
    directory: join(directory, name),
    program: functionsFramework(),
    args: ['--signature-type=cloudevent', `--source=${join(directory, name, 'index.cjs')}`],
    environment,
  }));
}

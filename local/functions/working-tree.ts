import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTIONS, type FunctionSpec } from './catalogue.ts';
import type { Revision } from './revision.ts';

export interface WorkingTreeOptions {
  /** Holds a folder per function with its bundle, index.cjs. */
  functionsDir: string;
  /** Main program of the functions framework, for a bundle that has none of its own. */
  framework: string;
  environment: () => Promise<Record<string, string>>;
  functions?: FunctionSpec[];
}

/** The functions as they are built in this checkout or package, without being deployed. */
export function workingTreeRevisions(options: WorkingTreeOptions): Revision[] {
  const { functionsDir, framework, environment, functions = FUNCTIONS } = options;
  return functions.map(({ name, target }) => {
    const directory = join(functionsDir, name);
    // A deployed folder brings its program along, as npm puts it at node_modules/.bin/functions-framework on Google Cloud.
    const own = join(directory, 'framework', 'main.cjs');
    return {
      name,
      target,
      directory,
      program: existsSync(own) ? own : framework,
      args: ['--signature-type=cloudevent', `--source=${join(directory, 'index.cjs')}`],
      environment,
    };
  });
}

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileProblem } from '../../shared/config/file-problem.ts';
import { CONFIG_FILE } from '../../shared/config/load.ts';
import { InvalidError } from '../../shared/errors.ts';

/** The pipeline's repository, as far as the command knows it. */
export interface Repository {
  /** Of vicinity.yaml; without one, the top level of the git work tree; without that, the working directory. */
  directory: string;
  /** Name of the configuration file in messages, and its text; absent where there is none. */
  config?: { file: string; text: string };
}

/** Looks for vicinity.yaml from `cwd` upward to the top of the git work tree. `configFile` names one instead. */
export function findRepository(cwd: string, configFile?: string): Repository {
  if (configFile !== undefined) return named(path.resolve(cwd, configFile), configFile);
  for (const folder of upward(cwd)) {
    const file = path.join(folder, CONFIG_FILE);
    if (existsSync(file))
      return { directory: folder, config: { file: CONFIG_FILE, text: readFileSync(file, 'utf8') } };
    if (existsSync(path.join(folder, '.git'))) return { directory: folder };
  }
  return { directory: cwd };
}

function named(file: string, shown: string): Repository {
  const problem = fileProblem(file);
  if (problem) {
    throw new InvalidError([
      {
        field: shown,
        problem,
        remedy: 'Correct --config, or leave it out to find vicinity.yaml.',
      },
    ]);
  }
  return { directory: path.dirname(file), config: { file: shown, text: readFileSync(file, 'utf8') } };
}

/** The folder and all above it. */
export function upward(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upward(parent)];
}

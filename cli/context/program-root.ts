import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidError } from '../../shared/errors.ts';

/**
 * The program of another folder, such as `local`: its source beside our source, or its build beside our build.
 * Throws InvalidError where the package lacks it.
 */
export function siblingProgram(folder: string): string {
  const here = fileURLToPath(import.meta.url);
  const parts = here.endsWith('.ts') ? [folder, 'main.ts'] : ['dist', 'programs', `${folder}.js`];
  const program = path.join(packageRoot(path.dirname(here)), ...parts);
  if (existsSync(program)) return program;
  throw new InvalidError([
    { field: program, problem: 'is missing', remedy: 'Install vicinity again, or run npm run build.' },
  ]);
}

/** A folder that is served as it is: beside our source, or in the build beside our build. */
export function servedFolder(folder: string): string {
  const here = fileURLToPath(import.meta.url);
  const parts = here.endsWith('.ts') ? [folder] : ['dist', 'programs', folder];
  return path.join(packageRoot(path.dirname(here)), ...parts);
}

/** The folder of package.json, from a folder below it. */
export function packageRoot(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : packageRoot(path.dirname(folder));
}

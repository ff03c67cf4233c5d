import { findProgram } from '../../local/vm/search-path.ts';

/** For a test's `skip` option: the reason to skip it, or false where the search path has the program. */
export function withoutProgram(name: string): string | false {
  return findProgram(name, process.env.PATH ?? '') ? false : `skipped, because ${name} is not installed`;
}

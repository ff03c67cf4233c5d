import { findProgram } from '../../vm/search-path.ts';

/** For a test's `skip` option: false where the search path has the program, otherwise the reason to skip. */
export function withoutProgram(name: string): string | false {
  return findProgram(name, process.env.PATH ?? '') ? false : `skipped, because ${name} is not installed`;
}

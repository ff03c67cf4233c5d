import { z } from 'zod';

const MAX_CHARACTERS = 500;
/** What Python's `re`, which matches it on the VM, does not have, or reads otherwise, or what makes matching slow. */
const NOT_PORTABLE = /\(\?<[=!]|\\[1-9kpPuc]|\[\^?\]|\{,/;

/**
 * A regular expression that finds progress in a line of build.log, by named groups: `done` and `total`, or `percent`. In
 * JavaScript's notation, `(?<done>\d+)`; the VM translates it for Python.
 */
export const progressPattern = z
  .string()
  .max(MAX_CHARACTERS, `must have at most ${MAX_CHARACTERS} characters`)
  .superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

function problemOf(text: string): string | undefined {
  const groups = namedGroups(text);
  if (!groups) return 'must be a regular expression';
  if (NOT_PORTABLE.test(text))
    return 'must do without lookbehind, backreferences and escapes such as \\p, \\u and \\c';
  const isComplete = groups.has('percent') || (groups.has('done') && groups.has('total'));
  return isComplete
    ? undefined
    : 'must have the named groups done and total, or percent: (?<done>\\d+)/(?<total>\\d+)';
}

/** Undefined where the text is no regular expression. */
function namedGroups(text: string): Set<string> | undefined {
  try {
    // The empty alternative always matches, so that the names of all groups are known.
    return new Set(Object.keys(new RegExp(`${text}|`).exec('')?.groups ?? {}));
  } catch {
    return undefined;
  }
}

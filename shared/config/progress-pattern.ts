import { z } from 'zod';

const MAX_CHARACTERS = 500;

/** What a pattern may consist of: the tokens that JavaScript and Python's `re` read alike. */
const TOKENS: Record<'class' | 'outside', RegExp> = {
  outside: new RegExp(
    [
      String.raw`\\[dDwWsSbBnrtfv]|\\x[\da-fA-F]{2}|\\[^\w\s]`, // Escapes.
      String.raw`\(\?<(?<name>[A-Za-z_]\w*)>|\(\?(?:[ims]{1,3})?:|\(\?[=!]|\((?!\?)|\)`, // Groups.
      String.raw`[*+?]\??|\{\d{1,4}(?:,\d{0,4})?\}\??|\|`, // Repetitions and alternatives.
      String.raw`(?<class>\[\^?)|[^\\()*+?|[{]`,
    ].join('|'),
    'y',
  ),
  class:
    /(?<end>\])|(?:\\[dDwWsS])(?!-[^\]])|\\(?:[bnrtfv]|x[\da-fA-F]{2}|[^\w\s])|(?!--|&&|\|\||~~)[^\\[\]](?!-\\[dDwWsS])/y,
};

/**
 * A regular expression that finds progress in a line of build.log, by named groups: `done` and `total`, or `percent`. In
 * JavaScript's notation, `(?<done>\d+)`; the VM translates it for Python. Only what both languages read alike is accepted.
 */
export const progressPattern = z
  .string()
  .max(MAX_CHARACTERS, `must have at most ${MAX_CHARACTERS} characters`)
  .superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

function problemOf(text: string): string | undefined {
  if (!isRegularExpression(text)) return 'must be a regular expression';
  const { names, rest } = readTokens(text);
  if (rest !== '')
    return `must do without what Python does not have or reads differently, from here on: ${rest}`;
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated) return `must name the group ${repeated} once: Python refuses a second one`;
  const isComplete = names.includes('percent') || (names.includes('done') && names.includes('total'));
  return isComplete
    ? undefined
    : 'must have the named groups done and total, or percent: (?<done>\\d+)/(?<total>\\d+)';
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** The names of the groups, and the text from the first token on that is not portable. */
function readTokens(text: string): { names: string[]; rest: string } {
  const names: string[] = [];
  let place: keyof typeof TOKENS = 'outside';
  let at = 0;
  while (at < text.length) {
    const token = TOKENS[place];
    token.lastIndex = at;
    const groups = token.exec(text)?.groups;
    if (token.lastIndex === 0) break;
    if (groups?.name) names.push(groups.name);
    if (groups?.class) place = 'class';
    if (groups?.end) place = 'outside';
    // `[]` and `[^]` match nothing and everything in JavaScript; in Python the bracket is a member.
    if (groups?.class && text[token.lastIndex] === ']') break;
    at = token.lastIndex;
  }
  return { names, rest: text.slice(at) };
}

/** One simple command of a recipe's line. */
export interface ShellCommand {
  /** The program and its arguments, without quotes. */
  words: string[];
  /** Files that its output is redirected to. */
  writes: string[];
  /** Files that it reads by redirection. */
  reads: string[];
}

/** Words before a program that change nothing of what it does here. */
const PREFIXES = new Set(
  'sudo env exec command time nice nohup ionice then do else if while until ! { } ( ) builtin stdbuf'.split(
    ' ',
  ),
);
const TOKEN =
  /\s*(?:(#.*$|\d*>&\s*[\d-]+)|(&>>?|\d*>>?\|?|\d*<(?!<))\s*|(\|\||&&|[;|&()\n]|<<)|((?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s;|&()<>"'\\])+)|(["']))/y;

/**
 * The simple commands of a shell line, by its words, quotes, operators and redirections. What a shell would compute (`$name`, loops) stays
 * as it is written.
 */
export function shellCommands(line: string): ShellCommand[] {
  const commands: ShellCommand[] = [];
  let current: ShellCommand = { words: [], writes: [], reads: [] };
  let redirection: string | undefined;
  const token = new RegExp(TOKEN);
  for (let found = token.exec(line); found && found[0] !== ''; found = token.exec(line)) {
    const [, ignored, redirect, operator, word] = found;
    if (ignored?.startsWith('#')) break;
    if (ignored !== undefined) continue;
    if (redirect !== undefined) redirection = redirect;
    else if (operator !== undefined) next();
    else if (word !== undefined) take(unquoted(word));
  }
  next();
  return commands;

  function take(word: string): void {
    if (redirection === undefined) current.words.push(word);
    else if (redirection.includes('<')) current.reads.push(word);
    else if (!redirection.startsWith('2')) current.writes.push(word);
    redirection = undefined;
  }

  function next(): void {
    redirection = undefined;
    const words = withoutPrefixes(current.words);
    if (words.length > 0 || current.writes.length > 0) commands.push({ ...current, words });
    current = { words: [], writes: [], reads: [] };
  }
}

/** Also without variables that are set for the program alone. */
function withoutPrefixes(words: string[]): string[] {
  const first = words.findIndex((word) => !PREFIXES.has(word) && !/^[A-Za-z_]\w*=/.test(word));
  return first === -1 ? [] : words.slice(first);
}

function unquoted(word: string): string {
  return word.replaceAll(
    /\\(.)|"((?:\\.|[^"\\])*)"|'([^']*)'/g,
    (_, escaped, double, single) => escaped ?? single ?? String(double).replaceAll(/\\(["\\$`])/g, '$1'),
  );
}

/** Name of the program, without its folder. */
export function programOf({ words: [program = ''] }: ShellCommand): string {
  return program.replace(/^.*\//, '');
}

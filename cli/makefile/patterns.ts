/** The word with what `%` stands for put into the replacement, if it matches the pattern; else the word. */
export function substitute(pattern: string, replacement: string, word: string): string {
  const stem = stemOf(pattern, word);
  return stem === undefined ? word : replacement.replace('%', () => stem);
}

/** What `%` stands for; '' for a pattern without one that is the word itself. */
export function stemOf(pattern: string, word: string): string | undefined {
  const percent = pattern.indexOf('%');
  if (percent === -1) return pattern === word ? '' : undefined;
  const [before, after] = [pattern.slice(0, percent), pattern.slice(percent + 1)];
  const fits = word.length >= before.length + after.length && word.startsWith(before) && word.endsWith(after);
  return fits ? word.slice(before.length, word.length - after.length) : undefined;
}

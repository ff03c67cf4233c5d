/** A file in the script's own folder, written out where it is needed; `"$work/NAME"` in a command. */
export function fileLines(name: string, content: string): string[] {
  const end = delimiterFor(content);
  return [`cat >"$work/${name}" <<'${end}'`, content.replace(/\n$/, ''), end];
}

/** A flag whose value is a file that `fileLines` wrote. */
export function fileFlag(flag: string, name: string): string {
  return `${flag}="$work/${name}"`;
}

/** A call over several lines, each flag on its own. Its words are quoted already. */
export function commandLines(words: string, flags: string[] = []): string[] {
  const lines = [words, ...flags];
  return lines.map(
    (line, index) => `${index === 0 ? '' : '  '}${line}${index < lines.length - 1 ? ' \\' : ''}`,
  );
}

function delimiterFor(content: string): string {
  const lines = new Set(content.split('\n'));
  let end = 'END';
  while (lines.has(end)) end += '_';
  return end;
}

/** `a=1,b=2`, as gcloud takes labels and attributes. */
export function pairs(map: Record<string, string>): string {
  return Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

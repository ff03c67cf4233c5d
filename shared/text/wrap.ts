import { stripVTControlCharacters } from 'node:util';

/** Columns that a text takes on a terminal: ANSI colours take none. */
export function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** The text in lines of at most `width`, broken after commas, else between words. A word that is longer has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  const pieces = text.split(/(?<=,) /);
  for (const piece of pieces.flatMap((each) => (widthOf(each) > width ? each.split(' ') : [each]))) {
    const line = lines.at(-1);
    if (line !== undefined && widthOf(line) + 1 + widthOf(piece) <= width)
      lines[lines.length - 1] = `${line} ${piece}`;
    else lines.push(piece);
  }
  return lines;
}

/** The text, its end left out where it is longer. Without colours. */
export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}

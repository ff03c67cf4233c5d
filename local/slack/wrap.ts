import { stripVTControlCharacters } from 'node:util';

export type Format = 'bold' | 'dim' | 'italic' | 'underline' | 'strikethrough' | 'cyan' | 'yellow';

/** A stretch of text in one format. */
export interface Span {
  text: string;
  format: Format[];
}

const GRAPHEMES = new Intl.Segmenter();
/** Shown two columns wide by terminals: emoji, and characters that a variation selector makes one. */
const WIDE = /^\p{Emoji_Presentation}|\uFE0F/u;

/** Columns that `text` takes in a terminal; colour codes take none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(stripVTControlCharacters(text)))
    width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** `text` filled with blanks up to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** Breaks spans into lines of at most `width` columns, at blanks; a word longer than a line keeps a line of its own. */
export function wrap(spans: Span[], width: number): Span[][] {
  const lines: Span[][] = [[]];
  let used = 0;
  for (const word of wordsOf(spans)) {
    const size = word.reduce((sum, span) => sum + textWidth(span.text), 0);
    const isBlank = word.every((span) => span.text.trim() === '');
    if (used > 0 && used + size > width) {
      trimEnd(lines.at(-1) ?? []);
      lines.push([]);
      used = 0;
      if (isBlank) continue;
    }
    for (const span of word) append(lines.at(-1) ?? [], span);
    used += size;
  }
  return lines;
}

/** But for the no-break space, which is part of its word. */
const BLANKS = /([^\S\u00a0]+)/;

/** Words and the blanks between them, in turn. A word may run over several spans: `*bold*, then`. */
function wordsOf(spans: Span[]): Span[][] {
  const words: Span[][] = [];
  let lastBlank: boolean | undefined;
  for (const { text, format } of spans) {
    for (const piece of text.split(BLANKS).filter((part) => part !== '')) {
      const blank = piece.trim() === '';
      if (blank === lastBlank) words.at(-1)?.push({ text: piece, format });
      else words.push([{ text: piece, format }]);
      lastBlank = blank;
    }
  }
  return words;
}

/** Adds a span, as part of the last one where both come from the same text. */
function append(line: Span[], { text, format }: Span): void {
  const last = line.at(-1);
  if (last?.format === format) last.text += text;
  else line.push({ text, format });
}

function trimEnd(line: Span[]): void {
  const last = line.at(-1);
  if (last) last.text = last.text.trimEnd();
}

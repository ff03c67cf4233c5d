import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A `[warn]` or `[error]` line of build.log. */
export interface Finding {
  kind: 'warn' | 'error';
  /** Number of the line, from 1. */
  line: number;
  text: string;
}

export interface Findings {
  /** The first ones of each kind, in the order of the log. */
  shown: Finding[];
  warnings: number;
  errors: number;
  lines: number;
}

/** Where a shell takes a word for a command: a recipe that make shows before it runs it. As the VM counts (startup-script/tools/outcome.py). */
const PRINTING_COMMAND = /(?:^|[;&|({]|\b(?:then|else|do)\b)\s*(?:echo|printf)\s/;
const MOST_OF_A_KIND = 60;
const MOST_CHARACTERS = 400;

/** Reads a log of any size once, and keeps what a person should look at. */
export async function findInLog(log: Readable): Promise<Findings> {
  const found: Findings = { shown: [], warnings: 0, errors: 0, lines: 0 };
  for await (const text of createInterface({ input: log, crlfDelay: Number.POSITIVE_INFINITY })) {
    found.lines += 1;
    const folded = text.toLowerCase();
    if (isMarked(folded, '[error]')) note('error', text);
    if (isMarked(folded, '[warn]')) note('warn', text);
  }
  return found;

  function note(kind: Finding['kind'], text: string): void {
    const count = kind === 'error' ? ++found.errors : ++found.warnings;
    if (count <= MOST_OF_A_KIND)
      found.shown.push({ kind, line: found.lines, text: text.slice(0, MOST_CHARACTERS) });
  }
}

function isMarked(folded: string, mark: string): boolean {
  const [before = '', ...rest] = folded.split(mark);
  return rest.length > 0 && !PRINTING_COMMAND.test(before);
}

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

const MOST_OF_A_KIND = 60;
const MOST_CHARACTERS = 400;

/** Reads a log of any size once, and keeps what a person should look at. */
export async function findInLog(log: Readable): Promise<Findings> {
  const found: Findings = { shown: [], warnings: 0, errors: 0, lines: 0 };
  for await (const text of createInterface({ input: log, crlfDelay: Number.POSITIVE_INFINITY })) {
    found.lines += 1;
    const folded = text.toLowerCase();
    if (folded.includes('[error]')) note('error', text);
    if (folded.includes('[warn]')) note('warn', text);
  }
  return found;

  function note(kind: Finding['kind'], text: string): void {
    const count = kind === 'error' ? ++found.errors : ++found.warnings;
    if (count <= MOST_OF_A_KIND)
      found.shown.push({ kind, line: found.lines, text: text.slice(0, MOST_CHARACTERS) });
  }
}

import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

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
const LINE_END = /\r\n|[\r\n]/;
const MAX_OF_A_KIND = 60;
const MAX_CHARACTERS = 400;
/** What is longer counts as several lines, as on the VM: a job may print gigabytes without an end of line. */
const MAX_LINE_LENGTH = 8 << 20;

/** Reads a log of any size once, and keeps what a person should look at. */
export async function findInLog(log: Readable): Promise<Findings> {
  const found: Findings = { shown: [], warnings: 0, errors: 0, lines: 0 };
  for await (const lines of linesOf(log)) lines.forEach(look);
  return found;

  function look(text: string): void {
    found.lines += 1;
    const folded = text.toLowerCase();
    if (isMarked(folded, '[error]')) note('error', text);
    if (isMarked(folded, '[warn]')) note('warn', text);
  }

  function note(kind: Finding['kind'], text: string): void {
    const count = kind === 'error' ? ++found.errors : ++found.warnings;
    if (count <= MAX_OF_A_KIND)
      found.shown.push({ kind, line: found.lines, text: text.slice(0, MAX_CHARACTERS) });
  }
}

/** The lines of a log as they come. */
async function* linesOf(log: Readable): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let endedInReturn = false;
  for await (const chunk of log) {
    const text = decoder.write(chunk as Buffer);
    const [first = '', ...others] = text
      .slice(endedInReturn && text.startsWith('\n') ? 1 : 0)
      .split(LINE_END);
    if (text) endedInReturn = text.endsWith('\r');
    rest += first;
    const last = others.pop();
    if (last === undefined && rest.length <= MAX_LINE_LENGTH) continue;
    yield [rest, ...others];
    rest = last ?? '';
  }
  if (rest) yield [rest];
}

function isMarked(folded: string, mark: string): boolean {
  const [before = '', ...rest] = folded.split(mark);
  return rest.length > 0 && !PRINTING_COMMAND.test(before);
}

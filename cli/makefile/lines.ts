import { indexOutside, referenceAt } from './expand.ts';

/** Physical lines of a Makefile. GNU make takes a byte order mark and CRLF as well. */
export function physicalLines(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  return lines.map((line) => line.replace(/\r$/, ''));
}

/** The line at an index with those that its backslashes continue, and the index after them. */
export function continuedLines(lines: string[], start: number): { lines: string[]; end: number } {
  let end = start;
  while (end < lines.length - 1 && /(?:^|[^\\])(?:\\\\)*\\$/.test(lines[end] ?? '')) end += 1;
  return { lines: lines.slice(start, end + 1), end: end + 1 };
}

/** Continued lines as one, outside of a recipe: a backslash with the white space around it is one space. */
export function joined(lines: string[]): string {
  return lines
    .map((line, at) => (at < lines.length - 1 ? line.slice(0, -1).trimEnd() : line))
    .map((line, at) => (at > 0 ? line.trimStart() : line))
    .join(' ');
}

/** Continued lines of a recipe as one. */
export function joinedRecipe(lines: string[]): string {
  return joined(lines).trim();
}

/** A comment begins at a # without a backslash. */
export function withoutComment(line: string): string {
  for (let at = line.indexOf('#'); at !== -1; at = line.indexOf('#', at + 1)) {
    const backslashes = /\\*$/.exec(line.slice(0, at))?.[0].length ?? 0;
    if (backslashes % 2 === 0) return line.slice(0, at).replaceAll('\\#', '#');
  }
  return line.replaceAll('\\#', '#');
}

export type Operator = '=' | ':=' | '+=' | '?=' | '!=';

/** `NAME ?= value` with its parts unexpanded. */
export interface Assignment {
  name: string;
  operator: Operator;
  value: string;
}

/** The assignment that a line is, or undefined. A name holds no white space outside of references. */
export function assignmentOf(line: string): Assignment | undefined {
  const text = line.trimStart();
  let at = 0;
  while (at < text.length && !/[\s:=+?!]/.test(text[at] ?? ''))
    at = text[at] === '$' ? referenceAt(text, at).end : at + 1;
  // `+`, `?` and `!` may be part of a name.
  while (at < text.length && /[+?!]/.test(text[at] ?? '') && text[at + 1] !== '=') {
    at += 1;
    while (at < text.length && !/[\s:=+?!]/.test(text[at] ?? '')) at += 1;
  }
  const [, operator = '', value = ''] = /^\s*(:{0,3}=|\+=|\?=|!=)\s*([\s\S]*)$/.exec(text.slice(at)) ?? [];
  if (at === 0 || operator === '') return undefined;
  return {
    name: text.slice(0, at),
    operator: operator.startsWith(':') ? ':=' : (operator as Operator),
    value,
  };
}

/** `override`, `export` and so on before a definition, and what follows them. */
export function modifiersOf(line: string): { modifiers: string[]; rest: string } {
  const modifiers: string[] = [];
  let rest = line.trim();
  for (;;) {
    const [, modifier, after = ''] = /^(override|export|private)(?:\s+([\s\S]*))?$/.exec(rest) ?? [];
    // `export = 1` is a variable of that name.
    if (!modifier || /^(:{0,3}|[+?!])=/.test(after)) return { modifiers, rest };
    modifiers.push(modifier);
    rest = after;
  }
}

export interface RuleLine {
  /** Unexpanded. */
  targets: string;
  isDouble: boolean;
  /** Unexpanded: prerequisites, a variable of the targets, or a static pattern with its prerequisites. */
  rest: string;
  /** The command after a semicolon. */
  command: string | undefined;
}

/** The rule that a line is, by the first colon outside of references; undefined where there is none. */
export function ruleOf(line: string): RuleLine | undefined {
  const colon = indexOutside(line, ':');
  if (colon === -1) return undefined;
  const isDouble = line[colon + 1] === ':';
  const after = line.slice(colon + (isDouble ? 2 : 1));
  const semicolon = indexOutside(after, ';');
  return {
    targets: line.slice(0, colon).replace(/&$/, ''),
    isDouble,
    rest: semicolon === -1 ? after : after.slice(0, semicolon),
    command: semicolon === -1 ? undefined : after.slice(semicolon + 1).trim(),
  };
}

import { callFunction, isFunction } from './functions.ts';
import { substitute } from './patterns.ts';
import { type Expand, type Scope, textOfVariable } from './scope.ts';

/** A variable may refer to others, but not without end. */
const MAX_DEPTH = 100;

/** The text with its references expanded, as make expands it; what is not defined is empty. */
export function expand(text: string, scope: Scope, depth = 0): string {
  if (depth > MAX_DEPTH) return '';
  let result = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar === -1) return result + text.slice(at);
    const reference = referenceAt(text, dollar);
    result += text.slice(at, dollar) + expandReference(reference.inner, reference.isBracketed, scope, depth);
    at = reference.end;
  }
  return result;
}

/** For what is referred to. */
function within(depth: number): Expand {
  return (text, scope) => expand(text, scope, depth + 1);
}

function expandReference(inner: string, isBracketed: boolean, scope: Scope, depth: number): string {
  if (inner === '$' && !isBracketed) return '$';
  const [, name = '', rest = ''] = /^([a-z-]+)[ \t]+([\s\S]*)$/.exec(inner) ?? [];
  if (isBracketed && isFunction(name)) return callFunction(name, rest, scope, within(depth));
  const expanded = expand(inner, scope, depth + 1);
  const [, variable = expanded, from, to] = /^([^:]+):([^=]*)=(.*)$/.exec(expanded) ?? [];
  const value = textOfVariable(variable, scope, within(depth));
  if (from === undefined || to === undefined) return value;
  const [pattern, replacement] = from.includes('%') ? [from, to] : [`%${from}`, `%${to}`];
  return value
    .split(/\s+/)
    .map((word) => substitute(pattern, replacement, word))
    .join(' ');
}

/** The reference at a dollar: what is within its brackets, and where it ends. */
export function referenceAt(
  text: string,
  dollar: number,
): { inner: string; end: number; isBracketed: boolean } {
  const open = text[dollar + 1] ?? '';
  const close = open === '(' ? ')' : open === '{' ? '}' : '';
  if (!close) return { inner: open, end: dollar + 2, isBracketed: false };
  let depth = 0;
  for (let at = dollar + 1; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    if (text[at] === close) depth -= 1;
    if (depth === 0) return { inner: text.slice(dollar + 2, at), end: at + 1, isBracketed: true };
  }
  return { inner: text.slice(dollar + 2), end: text.length, isBracketed: true };
}

/** Where one of the characters is outside of all references; -1 where none is. */
export function indexOutside(text: string, characters: string, from = 0): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '$') at = referenceAt(text, at).end - 1;
    else if (text[at] === '\\') at += 1;
    else if (characters.includes(text[at] ?? '')) return at;
  }
  return -1;
}

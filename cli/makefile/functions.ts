import { existsSync } from 'node:fs';
import path from 'node:path';

import { glob } from './glob.ts';
import { words } from './makefile.ts';
import { stemOf, substitute } from './patterns.ts';
import { type Expand, type Scope, textOfVariable } from './scope.ts';

/** GNU make's functions (https://www.gnu.org/software/make/manual/html_node/Functions.html) on expanded arguments. */
const TEXT: Record<string, (args: string[], scope: Scope) => string> = {
  subst: ([from = '', to = '', text = '']) => (from === '' ? text + to : text.replaceAll(from, () => to)),
  patsubst: ([pattern = '', to = '', text]) =>
    each(text, (word) => substitute(pattern.trim(), to.trim(), word)),
  strip: ([text]) => list(text).join(' '),
  findstring: ([wanted = '', text = '']) => (text.includes(wanted) ? wanted : ''),
  filter: ([patterns, text]) => list(text).filter(matches(patterns)).join(' '),
  'filter-out': ([patterns, text]) =>
    list(text)
      .filter((word) => !matches(patterns)(word))
      .join(' '),
  sort: ([text]) => [...new Set(list(text))].sort().join(' '),
  word: ([index, text]) => list(text)[Number(index) - 1] ?? '',
  wordlist: ([first, last, text]) =>
    list(text)
      .slice(Math.max(Number(first), 1) - 1, Number(last))
      .join(' '),
  words: ([text]) => String(list(text).length),
  firstword: ([text]) => list(text)[0] ?? '',
  lastword: ([text]) => list(text).at(-1) ?? '',
  dir: ([text]) => each(text, (word) => /^.*\//.exec(word)?.[0] ?? './'),
  notdir: ([text]) => each(text, (word) => word.replace(/^.*\//, '')),
  suffix: ([text]) =>
    list(text)
      .flatMap((word) => /\.[^./]*$/.exec(word)?.[0] ?? [])
      .join(' '),
  basename: ([text]) => each(text, (word) => word.replace(/\.[^./]*$/, '')),
  addsuffix: ([suffix = '', text]) => each(text, (word) => word + suffix),
  addprefix: ([prefix = '', text]) => each(text, (word) => prefix + word),
  join: ([one, other]) => {
    const [left, right] = [list(one), list(other)];
    const count = Math.max(left.length, right.length);
    return Array.from({ length: count }, (_, at) => (left[at] ?? '') + (right[at] ?? '')).join(' ');
  },
  wildcard: ([text], { directory }) =>
    list(text)
      .flatMap((pattern) => glob(directory, pattern))
      .join(' '),
  abspath: ([text], { directory }) => each(text, (word) => path.resolve(directory, word)),
  realpath: ([text], { directory }) =>
    list(text)
      .map((word) => path.resolve(directory, word))
      .filter((file) => existsSync(file))
      .join(' '),
  value: ([name = ''], scope) => scope.lookup(name)?.text ?? '',
  origin: ([name = ''], scope) => scope.origin(name),
  flavor: ([name = ''], scope) => {
    const value = scope.lookup(name);
    return value ? (value.isExpanded ? 'simple' : 'recursive') : 'undefined';
  },
  shell: ([command = ''], scope) => scope.shell(command).replace(/\n+$/, '').replaceAll('\n', ' '),
  eval: ([text = ''], scope) => {
    scope.evaluate(text);
    return '';
  },
  info: () => '',
  warning: () => '',
  error: () => '',
  file: () => '',
};

/** Functions that choose which of their arguments are expanded, and with which variables. */
const CONTROL: Record<string, (args: string[], scope: Scope, expand: Expand) => string> = {
  if: ([condition = '', then = '', otherwise = ''], scope, expand) =>
    expand(expand(condition.trim(), scope) === '' ? otherwise : then, scope),
  or: (args, scope, expand) => args.map((arg) => expand(arg.trim(), scope)).find((text) => text !== '') ?? '',
  and: (args, scope, expand) => {
    const texts = args.map((arg) => expand(arg.trim(), scope));
    return texts.includes('') ? '' : (texts.at(-1) ?? '');
  },
  foreach: ([name = '', items = '', body = ''], scope, expand) => {
    const variable = expand(name, scope).trim();
    return list(expand(items, scope))
      .map((word) => expand(body, withVariables(scope, { [variable]: word })))
      .join(' ');
  },
  let: ([names = '', items = '', body = ''], scope, expand) => {
    const variables = list(expand(names, scope));
    const values = list(expand(items, scope));
    const last = variables.length - 1;
    const given = variables.map((name, at) => [
      name,
      at === last ? values.slice(at).join(' ') : (values[at] ?? ''),
    ]);
    return expand(body, withVariables(scope, Object.fromEntries(given)));
  },
  call: (args, scope, expand) => {
    const [name = '', ...given] = args.map((arg) => expand(arg, scope));
    const parameters = Object.fromEntries(given.map((text, at) => [String(at + 1), text]));
    // The parameters of a call around this one are not its own.
    const missing = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [String(at + 1), '']));
    if (isFunction(name.trim())) return callFunction(name.trim(), given.join(','), scope, expand);
    const inner = withVariables(scope, { ...missing, ...parameters, 0: name.trim() });
    return textOfVariable(name.trim(), inner, expand);
  },
};

/** Arguments beyond these belong to the last one: `$(subst a,b,c,d)` is about the text `c,d`. */
const ARGUMENTS: Record<string, number> = {
  ...Object.fromEntries(['subst', 'patsubst', 'wordlist', 'foreach', 'if', 'let'].map((name) => [name, 3])),
  ...Object.fromEntries(
    ['findstring', 'filter', 'filter-out', 'word', 'addsuffix', 'addprefix', 'join', 'file'].map((name) => [
      name,
      2,
    ]),
  ),
  or: Number.POSITIVE_INFINITY,
  and: Number.POSITIVE_INFINITY,
  call: Number.POSITIVE_INFINITY,
};

export function isFunction(name: string): boolean {
  return Object.hasOwn(TEXT, name) || Object.hasOwn(CONTROL, name);
}

/** The value of `$(name text)`. */
export function callFunction(name: string, text: string, scope: Scope, expand: Expand): string {
  const args = splitArguments(text, ARGUMENTS[name] ?? 1);
  const control = Object.hasOwn(CONTROL, name) ? CONTROL[name] : undefined;
  if (control) return control(args, scope, expand);
  return (
    TEXT[name]?.(
      args.map((arg) => expand(arg, scope)),
      scope,
    ) ?? ''
  );
}

function splitArguments(text: string, most: number): string[] {
  const args: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length && args.length < most - 1; at += 1) {
    const character = text[at] ?? '';
    if ('({'.includes(character)) depth += 1;
    if (')}'.includes(character)) depth -= 1;
    if (character !== ',' || depth > 0) continue;
    args.push(text.slice(start, at));
    start = at + 1;
  }
  return [...args, text.slice(start)];
}

function withVariables(scope: Scope, variables: Record<string, string>): Scope {
  return {
    ...scope,
    lookup: (name) =>
      Object.hasOwn(variables, name) ? { text: variables[name] ?? '', isExpanded: true } : scope.lookup(name),
  };
}

function list(text = ''): string[] {
  return words(text);
}

function each(text: string | undefined, change: (word: string) => string): string {
  return list(text).map(change).join(' ');
}

function matches(patterns: string | undefined): (word: string) => boolean {
  const wanted = list(patterns);
  return (word) => wanted.some((pattern) => stemOf(pattern, word) !== undefined);
}

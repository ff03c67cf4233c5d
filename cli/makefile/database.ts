import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SENTINEL } from './ask-make.ts';
import { assignmentOf, modifiersOf, withoutComment } from './lines.ts';
import { type Makefile, type MakeTarget, type MakeVariable, type PatternRule, words } from './makefile.ts';
import { isSpecial, namesOf } from './rules.ts';

/** Where the database says that a definition is from. */
const ORIGIN = /^# (makefile|'override' directive)(?: private)?(?: \(from '(.*)', line (\d+)\))?$/;

/** What GNU make 4 prints with -p, as a Makefile. `directory` is where make ran. */
export function readDatabase(
  database: string,
  directory: string,
  environment: Record<string, string>,
): Makefile {
  const sections = sectionsOf(database);
  const variables = readVariables(sections.variables, directory);
  const prefix = variables.get('.RECIPEPREFIX')?.value.trim()[0] ?? '\t';
  const files = readFiles(sections.files, prefix);
  const listed = words(variables.get('MAKEFILE_LIST')?.value ?? '');
  return {
    targets: files.targets,
    patterns: readPatterns(sections.rules),
    variables: new Map([...variables].filter(([name]) => !MAKES_OWN.has(name))),
    // The last one is the text with the sentinel.
    files: listed.slice(0, -1).map((file) => path.normalize(file)),
    defaultGoal: variables.get('.DEFAULT_GOAL')?.value.trim() || undefined,
    environment,
    reader: 'make',
    doubts: [],
  };
}

const MAKES_OWN = new Set([
  'MAKEFILE_LIST',
  '.DEFAULT_GOAL',
  'MAKEFLAGS',
  'CURDIR',
  'GNUMAKEFLAGS',
  'SHELL',
  'MAKE_RESTARTS',
]);

function sectionsOf(database: string): { variables: string[]; rules: string[]; files: string[] } {
  // A make that $(shell …) calls prints its own before.
  const lines = database.slice(database.lastIndexOf('\n# Make data base, printed')).split('\n');
  const start = (title: string) => lines.indexOf(title);
  const [variables, rules, files] = [start('# Variables'), start('# Implicit Rules'), start('# Files')];
  const end = lines.findIndex((line) => line.startsWith('# files hash-table stats'));
  if (files === -1) return { variables: lines.slice(variables), rules: [], files: [] };
  return {
    variables: lines.slice(variables + 1, rules === -1 ? files : rules),
    rules: rules === -1 ? [] : lines.slice(rules + 1, files),
    files: lines.slice(files + 1, end === -1 ? undefined : end),
  };
}

function readVariables(lines: string[], directory: string): Map<string, MakeVariable> {
  const variables = new Map<string, MakeVariable>();
  for (let at = 0; at < lines.length; at += 1) {
    const [, origin, file = '', line = ''] = ORIGIN.exec(lines[at] ?? '') ?? [];
    if (!origin) continue;
    const { name, value, isExpanded, end } = definitionAt(lines, at + 1);
    at = end - 1;
    if (name === undefined) continue;
    const source = file === '' ? '' : sourceLine(path.resolve(directory, file), Number(line));
    variables.set(name, {
      name,
      value,
      isExpanded,
      isDefault: isDefault(source),
      isOverride: origin !== 'makefile',
    });
  }
  return variables;
}

/** `NAME = value`, `NAME := value`, or `define NAME` with its lines. */
function definitionAt(lines: string[], at: number) {
  const [, defined, operator = '='] = /^define (.*?)(?: (:=|=))?$/.exec(lines[at] ?? '') ?? [];
  if (defined !== undefined) {
    const length = lines.slice(at + 1).indexOf('endef');
    const body = lines.slice(at + 1, at + 1 + Math.max(length, 0));
    return {
      name: defined,
      value: body.join('\n'),
      isExpanded: operator === ':=',
      end: at + 2 + body.length,
    };
  }
  const [, name, sign, value = ''] = /^(.*?) (:?=) ?(.*)$/.exec(lines[at] ?? '') ?? [];
  return { name, value, isExpanded: sign === ':=', end: at + 1 };
}

function sourceLine(file: string, line: number): string {
  try {
    return readFileSync(file, 'utf8').split('\n')[line - 1] ?? '';
  } catch {
    // Make has removed it meanwhile, such as the text of the sentinel.
    return '';
  }
}

/** `NAME ?= value`, or `export NAME` alone. */
function isDefault(source: string): boolean {
  const { modifiers, rest } = modifiersOf(withoutComment(source.replace(/\r$/, '')));
  const assignment = assignmentOf(rest);
  return assignment ? assignment.operator === '?=' : modifiers.includes('export');
}

function readPatterns(lines: string[]): PatternRule[] {
  return lines.flatMap((line) => {
    if (/^[#\t]/.test(line)) return [];
    const [, targets = '', prerequisites = ''] = /^(.*?%.*?)::? ?(.*)$/.exec(line) ?? [];
    return namesOf(targets).map((target) => ({ target, prerequisites: namesOf(prerequisites) }));
  });
}

function readFiles(lines: string[], prefix: string): { targets: MakeTarget[] } {
  const targets = new Map<string, MakeTarget>();
  const phony = new Set<string>();
  for (const block of blocksOf(lines)) {
    if (block.includes('# Not a target:')) continue;
    // Variables of the target come before it.
    const at = block.findIndex(
      (line, index) =>
        !line.startsWith('#') && !line.startsWith(prefix) && !ORIGIN.test(block[index - 1] ?? ''),
    );
    const [, name = '', rest = ''] =
      /^(.*?(?:[^:\\])):{1,2}(?: (.*))?$/.exec(block[at] ?? '') ??
      /^([^:]+):{1,2}(?: (.*))?$/.exec(block[at] ?? '') ??
      [];
    if (name === '' || name === SENTINEL) continue;
    const prerequisites = namesOf(rest);
    if (name === '.PHONY') for (const each of prerequisites) phony.add(each);
    if (isSpecial(name)) continue;
    const [, stem] =
      block.map((line) => /^# {2}Implicit\/static pattern stem: '(.*)'$/.exec(line)).find(Boolean) ?? [];
    const before = targets.get(name);
    targets.set(name, {
      name,
      prerequisites: [...new Set([...(before?.prerequisites ?? []), ...prerequisites])],
      recipe: [...(before?.recipe ?? []), ...recipeOf(block, prefix)],
      ...(stem !== undefined && { stem }),
      isPhony: false,
      description: undefined,
    });
  }
  return { targets: [...targets.values()].map((target) => ({ ...target, isPhony: phony.has(target.name) })) };
}

/** Entries are separated by empty lines, which a recipe does not have: its lines begin with a tab. */
function blocksOf(lines: string[]): string[][] {
  const blocks: string[][] = [[]];
  for (const line of lines) {
    if (line === '') blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.filter((block) => block.length > 0);
}

function recipeOf(block: string[], prefix: string): string[] {
  const recipe: string[] = [];
  let isContinued = false;
  for (const line of block) {
    // The rest of a continued line need not begin as a recipe does.
    if (!isContinued && !line.startsWith(prefix)) continue;
    const text = (line.startsWith(prefix) ? line.slice(1) : line).trim();
    const own = text.replace(/\\$/, '').trim();
    if (isContinued) recipe.push(`${recipe.pop() ?? ''} ${own}`.trim());
    else if (text !== '') recipe.push(own);
    isContinued = /(?:^|[^\\])(?:\\\\)*\\$/.test(text);
  }
  return recipe;
}

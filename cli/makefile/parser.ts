import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Conditionals } from './conditionals.ts';
import { expand, indexOutside, referenceAt } from './expand.ts';
import { glob, hasWildcard } from './glob.ts';
import {
  assignmentOf,
  continuedLines,
  joined,
  joinedRecipe,
  modifiersOf,
  physicalLines,
  ruleOf,
  withoutComment,
} from './lines.ts';
import { type Makefile, type MakeTarget, words } from './makefile.ts';
import { isSpecial, namesOf, type Rule, Rules } from './rules.ts';
import type { Scope } from './scope.ts';
import { Variables } from './variables.ts';

export interface ParsedMakefile extends Makefile {
  /** Included files that are not there; make may have rules for them. */
  missing: { file: string; isRequired: boolean }[];
}

/** Includes within includes, and evals within evals: more of them never end. */
const MAX_NESTING = 50;

/**
 * Reads a Makefile as GNU make does, without running anything: `$(shell …)` is empty, and named among the doubts. For computers
 * without make. `file` is relative to `directory`.
 */
export function parseMakefile(directory: string, file: string, env: Record<string, string>): ParsedMakefile {
  return new Parser(directory, env).parse(file);
}

class Parser {
  readonly #directory: string;
  readonly #environment: Record<string, string>;
  readonly #variables: Variables;
  readonly #rules = new Rules();
  readonly #conditionals = new Conditionals();
  readonly #files: string[] = [];
  readonly #missing: ParsedMakefile['missing'] = [];
  readonly #doubts = new Set<string>();
  readonly #scope: Scope;
  /** The rule that recipe lines belong to. */
  #current: { rule: Rule; targets: MakeTarget[] } | undefined;
  #defaultGoal: string | undefined;
  #nesting = 0;

  constructor(directory: string, env: Record<string, string>) {
    this.#directory = directory;
    this.#environment = env;
    this.#variables = new Variables({ ...env, CURDIR: directory });
    this.#scope = {
      directory,
      lookup: (name) =>
        name === 'MAKEFILE_LIST'
          ? { text: ` ${this.#files.join(' ')}`, isExpanded: true }
          : name === '.DEFAULT_GOAL'
            ? { text: this.#goal() ?? '', isExpanded: true }
            : this.#variables.lookup(name),
      origin: (name) => this.#variables.origin(name),
      shell: (command) => this.#shell(command),
      evaluate: (text) => this.#readNested(() => this.#read(text)),
    };
  }

  parse(file: string): ParsedMakefile {
    this.#include(file, true);
    return {
      targets: this.#rules.all(),
      patterns: this.#rules.patterns,
      variables: this.#variables.own,
      files: this.#files,
      defaultGoal: this.#goal(),
      environment: this.#environment,
      reader: 'parser',
      doubts: [...this.#doubts],
      missing: this.#missing,
    };
  }

  #goal(): string | undefined {
    const set = this.#variables.own.get('.DEFAULT_GOAL');
    if (!set) return this.#defaultGoal;
    return (set.isExpanded ? set.value : expand(set.value, this.#scope)).trim() || undefined;
  }

  /** What is in the working directory needs no shell. */
  #shell(command: string): string {
    if (command.trim() === 'pwd') return this.#directory;
    this.#doubts.add(`$(shell ${command.trim()}) was not run`);
    return '';
  }

  #include(file: string, isRequired: boolean): void {
    const found = path.resolve(this.#directory, file);
    if (existsSync(found)) {
      this.#files.push(path.normalize(file));
      this.#readNested(() => this.#read(readFileSync(found, 'utf8')));
      return;
    }
    this.#missing.push({ file, isRequired });
  }

  #readNested(read: () => void): void {
    if (this.#nesting >= MAX_NESTING) {
      this.#doubts.add('includes or evaluations are nested too deeply');
      return;
    }
    const outer = this.#current;
    this.#current = undefined;
    this.#nesting += 1;
    read();
    this.#nesting -= 1;
    this.#current = outer;
  }

  #read(text: string): void {
    const lines = physicalLines(text);
    let at = 0;
    while (at < lines.length) {
      const line = lines[at] ?? '';
      const { lines: continued, end } = continuedLines(lines, at);
      at = end;
      const prefix = this.#variables.lookup('.RECIPEPREFIX')?.text[0] ?? '\t';
      if (this.#current && line.startsWith(prefix)) {
        if (!this.#conditionals.isSkipping)
          this.#addRecipe(joinedRecipe(continued.map((each) => withoutPrefix(each, prefix))));
        continue;
      }
      const whole = withoutComment(joined(continued));
      if (this.#conditionals.take(whole, this.#scope)) continue;
      const defined = defineOf(whole);
      if (defined) at = this.#define(defined, lines, at);
      else if (!this.#conditionals.isSkipping) this.#statement(whole);
    }
  }

  #addRecipe(line: string): void {
    if (this.#current && line !== '') this.#rules.addRecipe(this.#current.rule, this.#current.targets, line);
  }

  /** Returns the index after the endef. */
  #define({ name, operator, isOverride }: Definition, lines: string[], start: number): number {
    let end = start;
    let depth = 1;
    while (end < lines.length) {
      if (/^\s*define\s/.test(lines[end] ?? '')) depth += 1;
      if (/^\s*endef\s*(#|$)/.test(lines[end] ?? '')) depth -= 1;
      if (depth === 0) break;
      end += 1;
    }
    if (!this.#conditionals.isSkipping) {
      const value = withoutContinuations(lines.slice(start, end)).join('\n');
      const assignment = { name: expand(name, this.#scope), operator, value };
      this.#variables.assign(assignment, isOverride, this.#scope);
      this.#current = undefined;
    }
    return end + 1;
  }

  #statement(line: string): void {
    if (line.trim() === '') return;
    const { modifiers, rest } = modifiersOf(line);
    const assignment = assignmentOf(rest);
    if (assignment) {
      this.#current = undefined;
      const name = expand(assignment.name, this.#scope).trim();
      this.#variables.assign({ ...assignment, name }, modifiers.includes('override'), this.#scope);
      return;
    }
    const [, keyword = '', operand = ''] =
      /^(-?include|sinclude|vpath|load|unexport|undefine)(?:\s+(.*))?$/.exec(rest) ?? [];
    if (keyword !== '' || modifiers.length > 0) this.#current = undefined;
    if (keyword.endsWith('include')) this.#includeAll(operand, keyword === 'include');
    else if (keyword === 'undefine') this.#variables.own.delete(expand(operand, this.#scope).trim());
    else if (keyword !== '') return;
    else if (modifiers.includes('export'))
      for (const name of words(expand(rest, this.#scope))) this.#variables.export(name);
    else this.#rule(rest);
  }

  #includeAll(operand: string, isRequired: boolean): void {
    for (const word of words(expand(operand, this.#scope))) {
      const files = hasWildcard(word) ? glob(this.#directory, word) : [word];
      for (const file of files) this.#include(file, isRequired);
    }
  }

  #rule(line: string): void {
    // A colon may come out of a reference; then what follows it has no unexpanded form.
    const found = ruleOf(line) ?? ruleOf(expand(line, this.#scope));
    if (!found) {
      // `$(info …)` and `$(eval …)` on a line of their own.
      this.#current = undefined;
      expand(line, this.#scope);
      return;
    }
    const targets = this.#names(found.targets);
    if (assignmentOf(modifiersOf(found.rest).rest)) {
      this.#current = undefined;
      return;
    }
    const expanded = expand(found.rest, this.#scope);
    const colon = indexOutside(expanded, ':');
    const rule: Rule = {
      targets,
      isDouble: found.isDouble,
      staticPattern: colon === -1 ? undefined : namesOf(expanded.slice(0, colon))[0],
      prerequisites: this.#names(withoutReferences(expanded.slice(colon + 1)), true),
    };
    this.#current = { rule, targets: this.#rules.add(rule) };
    this.#defaultGoal ??= targets.find((name) => !isSpecial(name) && !name.includes('%'));
    if (found.command !== undefined) this.#addRecipe(found.command);
  }

  #names(text: string, isExpanded = false): string[] {
    const names = namesOf(isExpanded ? text : expand(text, this.#scope));
    return names.flatMap((name) => {
      const files = hasWildcard(name) ? glob(this.#directory, name) : [];
      return files.length > 0 ? files : [name];
    });
  }
}

function withoutPrefix(line: string, prefix: string): string {
  return line.startsWith(prefix) ? line.slice(1) : line;
}

/** With .SECONDEXPANSION, references are left until the target is made. Until then the prerequisites are not known. */
function withoutReferences(text: string): string {
  const dollar = text.indexOf('$');
  if (dollar === -1) return text;
  return `${text.slice(0, dollar)} ${withoutReferences(text.slice(referenceAt(text, dollar).end))}`;
}

function withoutContinuations(lines: string[]): string[] {
  if (lines.length === 0) return [];
  const { lines: continued, end } = continuedLines(lines, 0);
  return [joined(continued), ...withoutContinuations(lines.slice(end))];
}

interface Definition {
  name: string;
  operator: '=' | ':=' | '+=' | '?=' | '!=';
  isOverride: boolean;
}

/** `define NAME` with the operator that may follow. */
function defineOf(line: string): Definition | undefined {
  const { modifiers, rest } = modifiersOf(line);
  const [, head = ''] = /^define\s+(.*)$/.exec(rest) ?? [];
  if (head === '' || /^(:{0,3}|[+?!])=/.test(head)) return undefined;
  const { name, operator } = assignmentOf(head.trim()) ?? { name: head.trim(), operator: '=' as const };
  return { name, operator, isOverride: modifiers.includes('override') };
}

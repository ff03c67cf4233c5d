import { TARGET } from '../../shared/config/names.ts';

/** A target of a Makefile, as far as it can be read without running make. */
export interface MakeTarget {
  name: string;
  prerequisites: string[];
  recipe: string[];
  /** Of a `## comment` beside it. */
  description: string | undefined;
  isPhony: boolean;
}

/** A variable that a caller may set: `NAME ?= value`, or `export NAME` alone. */
export interface MakeVariable {
  name: string;
  value: string;
}

export interface Makefile {
  targets: MakeTarget[];
  variables: MakeVariable[];
}

const RULE = /^([^\s#:=][^:=#]*):(?![=:])([^#]*)(?:##\s*(.*))?/;
const DEFAULTED = /^(?:export\s+)?([A-Z][A-Z0-9_]*)\s*\?=\s*(.*)$/;
const EXPORTED = /^export\s+([A-Z][A-Z0-9_]*(?:\s+[A-Z][A-Z0-9_]*)*)\s*$/;

/** Reads targets and variables from a Makefile's text. Pattern rules and computed names are passed over. */
export function readMakefile(text: string): Makefile {
  const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n');
  const targets = new Map<string, MakeTarget>();
  const variables = new Map<string, string>();
  const phony = new Set<string>();
  let current: MakeTarget[] = [];
  for (const line of lines) {
    if (line.startsWith('\t')) {
      for (const target of current) target.recipe.push(line.trim());
      continue;
    }
    const [, defaulted, value = ''] = DEFAULTED.exec(line) ?? [];
    if (defaulted) variables.set(defaulted, value.replace(/\s+#.*$/, '').trim());
    const [, exported = ''] = EXPORTED.exec(line) ?? [];
    for (const name of words(exported)) if (!variables.has(name)) variables.set(name, '');
    const [, names = '', prerequisites = '', description] = RULE.exec(line) ?? [];
    if (names.trim() === '.PHONY') for (const name of words(prerequisites)) phony.add(name);
    if (names !== '')
      current = words(names)
        .filter(isPlain)
        .map((name) => add(name, prerequisites, description));
    else if (line.trim() !== '' && !line.startsWith('#')) current = [];
  }
  return {
    targets: [...targets.values()].map((target) => ({ ...target, isPhony: phony.has(target.name) })),
    variables: [...variables].map(([name, value]) => ({ name, value })),
  };

  /** A target may have several rules. */
  function add(name: string, prerequisites: string, description: string | undefined): MakeTarget {
    const target = targets.get(name) ?? { name, prerequisites: [], recipe: [], description, isPhony: false };
    target.prerequisites.push(...words(prerequisites).filter((word) => word !== '|'));
    target.description ??= description;
    targets.set(name, target);
    return target;
  }
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function isPlain(name: string): boolean {
  return TARGET.test(name) && !name.includes('%');
}

import { type MakeTarget, type PatternRule, words } from './makefile.ts';
import { stemOf } from './patterns.ts';

/** What one rule says of its targets; everything is expanded, the recipe excepted. */
export interface Rule {
  targets: string[];
  isDouble: boolean;
  /** `targets: pattern: prerequisites` */
  staticPattern: string | undefined;
  prerequisites: string[];
}

/** The rules of a Makefile while it is read. */
export class Rules {
  readonly targets = new Map<string, MakeTarget>();
  readonly patterns: PatternRule[] = [];
  readonly #phony = new Set<string>();
  readonly #withRecipe = new Set<Rule>();

  /** Returns the targets whose recipe follows. */
  add(rule: Rule): MakeTarget[] {
    const { targets, prerequisites, staticPattern } = rule;
    if (targets.includes('.PHONY')) for (const name of prerequisites) this.#phony.add(name);
    const patterns = targets.filter((target) => target.includes('%'));
    this.patterns.push(...patterns.map((target) => ({ target, prerequisites })));
    const plain = targets.filter((target) => !target.includes('%') && !isSpecial(target));
    return plain.map((name) => {
      const target = this.#target(name);
      const stem = staticPattern === undefined ? undefined : stemOf(staticPattern, name);
      if (stem !== undefined) target.stem = stem;
      const own = prerequisites.map((word) => (stem === undefined ? word : word.replace('%', () => stem)));
      target.prerequisites = [...new Set([...target.prerequisites, ...own])];
      return target;
    });
  }

  /** A later recipe of a target takes the place of an earlier one; those of double-colon rules are all run. */
  addRecipe(rule: Rule, targets: MakeTarget[], line: string): void {
    const isFirst = !this.#withRecipe.has(rule);
    this.#withRecipe.add(rule);
    for (const target of targets)
      target.recipe = isFirst && !rule.isDouble ? [line] : [...target.recipe, line];
  }

  /** In the order of their rules; then phony names without one, which make takes for targets, too. */
  all(): MakeTarget[] {
    for (const name of this.#phony) if (!isSpecial(name) && !name.includes('%')) this.#target(name);
    return [...this.targets.values()].map((target) => ({ ...target, isPhony: this.#phony.has(target.name) }));
  }

  #target(name: string): MakeTarget {
    const target: MakeTarget = this.targets.get(name) ?? {
      name,
      prerequisites: [],
      recipe: [],
      isPhony: false,
      description: undefined,
    };
    this.targets.set(name, target);
    return target;
  }
}

/** `.PHONY` and its like, and suffix rules such as `.c.o`. */
export function isSpecial(name: string): boolean {
  return name.startsWith('.') && !name.includes('/');
}

/** Names in a rule: without a leading `./`, as make keeps them, and without what only orders them. */
export function namesOf(text: string): string[] {
  return words(text)
    .filter((word) => word !== '|' && word !== '.WAIT')
    .map((word) => word.replace(/^(?:\.\/+)+(?=.)/, '').replaceAll('\\:', ':'));
}

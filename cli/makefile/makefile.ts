/** A rule's target as make reads it. Rules of the same target are one. */
export interface MakeTarget {
  name: string;
  /** Order-only prerequisites among them. */
  prerequisites: string[];
  /** Lines of the recipe, unexpanded; lines that a backslash continues are one. */
  recipe: string[];
  /** The stem of a static pattern rule: `$*`. */
  stem?: string;
  isPhony: boolean;
  /** Of a `## comment` beside the rule. */
  description: string | undefined;
}

export interface MakeVariable {
  name: string;
  /** Unexpanded, unless the assignment expanded it (`:=`). */
  value: string;
  isExpanded: boolean;
  /** The Makefile leaves the value to the caller: `NAME ?= value`, or `export NAME` alone. */
  isDefault: boolean;
  /** `override`: a value from the command line has no effect. */
  isOverride: boolean;
}

/** A rule such as `data/%.csv: raw/%.csv`. */
export interface PatternRule {
  target: string;
  prerequisites: string[];
}

export interface Makefile {
  /** As in the text; targets that the text does not name (computed names) come last, sorted. */
  targets: MakeTarget[];
  patterns: PatternRule[];
  variables: Map<string, MakeVariable>;
  /** Files that were read, the Makefile first; relative to its folder. */
  files: string[];
  /** What `make` alone makes. */
  defaultGoal: string | undefined;
  /** What the Makefile sees of the environment. */
  environment: Record<string, string>;
  /** Who read it: make itself, or the parser of this program, which runs no `$(shell …)`. */
  reader: 'make' | 'parser';
  /** What the reader could not know, for a person. */
  doubts: string[];
}

/** Names of a Makefile, in the order in which GNU make looks for them. */
export const MAKEFILE_NAMES = ['GNUmakefile', 'makefile', 'Makefile'];

export function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

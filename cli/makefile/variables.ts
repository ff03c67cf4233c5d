import { expand } from './expand.ts';
import type { Assignment } from './lines.ts';
import type { MakeVariable } from './makefile.ts';
import type { Scope, Value } from './scope.ts';

/** What make itself defines, as far as Makefiles of pipelines use it in recipes and conditions. */
const BUILT_IN: Record<string, string> = {
  AR: 'ar',
  CC: 'cc',
  CXX: 'g++',
  MAKE: 'make',
  MAKE_VERSION: '4.3',
  RM: 'rm -f',
  SHELL: '/bin/sh',
};

/** The variables of a Makefile while it is read. */
export class Variables {
  readonly own = new Map<string, MakeVariable>();
  readonly #env: Record<string, string>;

  constructor(env: Record<string, string>) {
    this.#env = env;
  }

  lookup(name: string): Value | undefined {
    const own = this.own.get(name);
    if (own) return { text: own.value, isExpanded: own.isExpanded };
    const text = Object.hasOwn(this.#env, name) ? this.#env[name] : builtIn(name);
    return text === undefined ? undefined : { text, isExpanded: true };
  }

  origin(name: string): string {
    const own = this.own.get(name);
    if (own) return own.isOverride ? 'override' : 'file';
    if (Object.hasOwn(this.#env, name)) return 'environment';
    return builtIn(name) === undefined ? 'undefined' : 'default';
  }

  assign({ name, operator, value }: Assignment, isOverride: boolean, scope: Scope): void {
    const before = this.own.get(name);
    if (before?.isOverride && !isOverride) return;
    if (operator === '?=' && this.lookup(name) !== undefined && this.origin(name) !== 'default') return;
    if (operator === '+=' && before) {
      const added = before.isExpanded ? expand(value, scope) : value;
      this.own.set(name, { ...before, value: before.value === '' ? added : `${before.value} ${added}` });
      return;
    }
    const text =
      operator === ':='
        ? expand(value, scope)
        : operator === '!='
          ? scope.shell(expand(value, scope)).trimEnd().replaceAll('\n', ' ')
          : value;
    const isExpanded = operator === ':=' || operator === '!=';
    this.own.set(name, { name, value: text, isExpanded, isDefault: operator === '?=', isOverride });
  }

  /** `export NAME` of a variable that nothing sets: the caller may. */
  export(name: string): void {
    if (this.own.has(name) || this.lookup(name)) return;
    this.own.set(name, { name, value: '', isExpanded: true, isDefault: true, isOverride: false });
  }
}

export function builtIn(name: string): string | undefined {
  return Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
}

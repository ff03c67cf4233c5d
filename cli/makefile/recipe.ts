import { expand } from './expand.ts';
import type { Makefile, MakeTarget } from './makefile.ts';
import type { Scope } from './scope.ts';
import { builtIn } from './variables.ts';

/** The lines of a target's recipe as a shell would get them; `$(shell …)` is not run, and empty. Without the prefixes @, - and +. */
export function expandedRecipe(makefile: Makefile, target: MakeTarget, directory: string): string[] {
  const scope = scopeOf(makefile, directory, automatic(target));
  return target.recipe
    .flatMap((line) => expand(line, scope).split('\n'))
    .map((line) => line.trim().replace(/^[@+-\s]+/, ''))
    .filter((line) => line !== '');
}

/** What a variable is outside of any rule. */
export function expandedValue(makefile: Makefile, name: string, directory: string): string {
  return expand(`$(${name})`, scopeOf(makefile, directory, {})).trim();
}

function scopeOf(
  { variables, environment }: Makefile,
  directory: string,
  automatic: Record<string, string>,
): Scope {
  return {
    directory,
    lookup(name) {
      if (Object.hasOwn(automatic, name)) return { text: automatic[name] ?? '', isExpanded: true };
      const own = variables.get(name);
      if (own) return { text: own.value, isExpanded: own.isExpanded };
      const text = name === 'CURDIR' ? directory : (environment[name] ?? builtIn(name));
      return text === undefined ? undefined : { text, isExpanded: true };
    },
    origin: (name) => (variables.has(name) ? 'file' : 'undefined'),
    shell: () => '',
    evaluate() {},
  };
}

/** `$@`, `$<` and so on. */
function automatic({ name, prerequisites, stem = '' }: MakeTarget): Record<string, string> {
  const all = prerequisites.join(' ');
  const values = { '@': name, '<': prerequisites[0] ?? '', '^': all, '+': all, '?': all, '*': stem };
  const parts = Object.entries(values).flatMap(([symbol, text]) => [
    [`${symbol}D`, folders(text)],
    [`${symbol}F`, text.replaceAll(/\S*\//g, '')],
  ]);
  return { ...values, ...Object.fromEntries(parts) };
}

function folders(text: string): string {
  return text
    .split(' ')
    .map((name) => (name.includes('/') ? name.replace(/\/[^/]*$/, '') : name && '.'))
    .join(' ');
}

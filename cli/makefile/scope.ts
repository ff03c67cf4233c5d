export interface Value {
  text: string;
  /** False: it is expanded each time that it is used. */
  isExpanded: boolean;
}

/** What an expansion may look up and cause. */
export interface Scope {
  /** Folder of the Makefile. */
  directory: string;
  lookup(name: string): Value | undefined;
  origin(name: string): string;
  /** Output of `$(shell …)`, unless it is not run. */
  shell(command: string): string;
  /** `$(eval …)` */
  evaluate(text: string): void;
}

export type Expand = (text: string, scope: Scope) => string;

/** What a variable is where it is used. */
export function textOfVariable(name: string, scope: Scope, expand: Expand): string {
  const value = scope.lookup(name);
  if (!value) return '';
  return value.isExpanded ? value.text : expand(value.text, scope);
}

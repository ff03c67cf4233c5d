import type { Grant, Question } from './grants.ts';

/** A permission that somebody has used, with the bindings by which he had it. */
export interface Used extends Question {
  grantedBy: Grant[];
}

type Named<T extends Question> = Omit<T, 'resource'> & { resource: string };

/** What was used, and what was refused, since the last `clear`; each once. */
export class Usage {
  readonly #used = new Map<string, Used>();
  readonly #refused = new Map<string, Question>();

  use(used: Used): void {
    this.#used.set(keyOf(used), used);
  }

  refuse(refused: Question): void {
    this.#refused.set(keyOf(refused), refused);
  }

  used(): Used[] {
    return [...this.#used.values()];
  }

  refused(): Question[] {
    return [...this.#refused.values()];
  }

  toJSON(): { used: Named<Used>[]; refused: Named<Question>[] } {
    return { used: this.used().map(named), refused: this.refused().map(named) };
  }

  clear(): void {
    this.#used.clear();
    this.#refused.clear();
  }
}

function named<T extends Question>(question: T): Named<T> {
  return { ...question, resource: question.resource.name };
}

function keyOf({ principal, permission, resource }: Question): string {
  return `${principal} ${permission} ${resource.name}`;
}

import type { Principal } from './principal.ts';

/** A permission that somebody has used, with the bindings by which he had it. */
export interface Used {
  principal: Principal;
  permission: string;
  resource: string;
  /** Each by the full name of the resource whose policy has it, and by the title of its condition. */
  grantedBy: { role: string; on: string; condition?: string }[];
}

/** What was used, and what was refused, since the last `clear`; each once. */
export class Usage {
  readonly #used = new Map<string, Used>();
  readonly #refused = new Map<string, Omit<Used, 'grantedBy'>>();

  use(used: Used): void {
    this.#used.set(keyOf(used), used);
  }

  refuse(refused: Omit<Used, 'grantedBy'>): void {
    this.#refused.set(keyOf(refused), refused);
  }

  toJSON(): { used: Used[]; refused: Omit<Used, 'grantedBy'>[] } {
    return { used: [...this.#used.values()], refused: [...this.#refused.values()] };
  }

  clear(): void {
    this.#used.clear();
    this.#refused.clear();
  }
}

function keyOf({ principal, permission, resource }: Omit<Used, 'grantedBy'>): string {
  return `${principal} ${permission} ${resource}`;
}

import { expand } from './expand.ts';
import type { Scope } from './scope.ts';

/** `ifeq … else … endif`, nested: which lines count. */
export class Conditionals {
  readonly #open: { isTaken: boolean; wasTaken: boolean }[] = [];

  get isSkipping(): boolean {
    return this.#open.some(({ isTaken }) => !isTaken);
  }

  /** Whether the line is a directive of a condition, which it then has followed. */
  take(line: string, scope: Scope): boolean {
    const [, keyword = '', rest = ''] =
      /^\s*(ifeq|ifneq|ifdef|ifndef|else|endif)(?:[\s(]|$)([\s\S]*)$/.exec(line) ?? [];
    if (keyword === '') return false;
    const text = line.trim().slice(keyword.length).trim();
    if (keyword === 'endif') this.#open.pop();
    else if (keyword === 'else') this.#otherwise(text, scope);
    else {
      const isTaken = !this.isSkipping && holds(keyword, text, scope);
      this.#open.push({ isTaken, wasTaken: isTaken });
    }
    return rest !== undefined;
  }

  /** `else`, or `else ifeq …`. */
  #otherwise(text: string, scope: Scope): void {
    const current = this.#open.pop();
    if (!current) return;
    const [, keyword = '', condition = ''] = /^(ifeq|ifneq|ifdef|ifndef)\s*([\s\S]*)$/.exec(text) ?? [];
    const isCandidate = !current.wasTaken && !this.isSkipping;
    const isTaken = isCandidate && (keyword === '' || holds(keyword, condition, scope));
    this.#open.push({ isTaken, wasTaken: current.wasTaken || isTaken });
  }
}

function holds(keyword: string, text: string, scope: Scope): boolean {
  if (keyword === 'ifdef' || keyword === 'ifndef') {
    const name = expand(text, scope).trim();
    return ((scope.lookup(name)?.text ?? '') !== '') === (keyword === 'ifdef');
  }
  const [left, right] = sides(text).map((side) => expand(side, scope));
  return (left === right) === (keyword === 'ifeq');
}

/** Of `(a,b)`, `"a" "b"` and `'a' 'b'`. */
function sides(text: string): [string, string] {
  const quoted = /^(["'])(.*?)\1\s*(["'])(.*?)\3\s*$/.exec(text);
  if (quoted) return [quoted[2] ?? '', quoted[4] ?? ''];
  const inner = text.replace(/^\(/, '').replace(/\)\s*$/, '');
  let depth = 0;
  for (let at = 0; at < inner.length; at += 1) {
    if ('({'.includes(inner[at] ?? '')) depth += 1;
    if (')}'.includes(inner[at] ?? '')) depth -= 1;
    if (inner[at] === ',' && depth === 0)
      return [inner.slice(0, at).trimEnd(), inner.slice(at + 1).trimStart()];
  }
  return [inner, ''];
}

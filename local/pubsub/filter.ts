import { invalid } from '../http/api-error.ts';

/** Whether a message with these attributes is wanted. */
export type Filter = (attributes: Record<string, string>) => boolean;

const MAX_FILTER_BYTES = 256;
const TOKEN =
  /\s*(attributes\b|hasPrefix\b|AND\b|OR\b|NOT\b|-|!=|=|:|\.|,|\(|\)|"(?:[^"\\]|\\.)*"|[A-Za-z_][\w-]*)/y;

/**
 * Pub/Sub's filter language (https://cloud.google.com/pubsub/docs/subscription-message-filter#filtering_syntax):
 * `attributes:key`, `attributes.key = "v"`, `attributes.key != "v"`, `hasPrefix(attributes.key, "v")`, AND, OR, NOT,
 * parentheses; AND and OR do not mix without parentheses. An empty text wants every message.
 */
export function parseFilter(text: string): Filter {
  if (text.trim() === '') return () => true;
  if (Buffer.byteLength(text) > MAX_FILTER_BYTES)
    throw invalid(`The filter has more than ${MAX_FILTER_BYTES} bytes.`);
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #tokens: string[];

  constructor(text: string) {
    this.#text = text;
    this.#tokens = this.#split();
  }

  parse(): Filter {
    const filter = this.#expression();
    if (this.#tokens.length > 0) throw this.#fault(`${this.#tokens[0]} is not expected`);
    return filter;
  }

  #expression(): Filter {
    const terms = [this.#term()];
    const operator = this.#tokens[0];
    if (operator !== 'AND' && operator !== 'OR') return terms[0] as Filter;
    while (this.#accept(operator)) terms.push(this.#term());
    return operator === 'AND'
      ? (attributes) => terms.every((term) => term(attributes))
      : (attributes) => terms.some((term) => term(attributes));
  }

  #term(): Filter {
    if (this.#accept('NOT') || this.#accept('-')) {
      const term = this.#term();
      return (attributes) => !term(attributes);
    }
    if (this.#accept('(')) {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    return this.#accept('hasPrefix') ? this.#prefix() : this.#comparison();
  }

  #prefix(): Filter {
    this.#expect('(');
    this.#expect('attributes');
    this.#expect('.');
    const key = this.#key();
    this.#expect(',');
    const prefix = this.#string();
    this.#expect(')');
    return (attributes) => attributes[key]?.startsWith(prefix) ?? false;
  }

  #comparison(): Filter {
    this.#expect('attributes');
    if (this.#accept(':')) {
      const key = this.#key();
      return (attributes) => Object.hasOwn(attributes, key);
    }
    this.#expect('.');
    const key = this.#key();
    if (this.#accept('!=')) {
      const unwanted = this.#string();
      return (attributes) => attributes[key] !== unwanted;
    }
    this.#expect('=');
    const wanted = this.#string();
    return (attributes) => attributes[key] === wanted;
  }

  #key(): string {
    const token = this.#tokens[0] ?? '';
    if (token.startsWith('"')) return this.#string();
    if (!/^[A-Za-z_]/.test(token)) throw this.#fault('an attribute key is missing');
    this.#tokens.shift();
    return token;
  }

  #string(): string {
    const token = this.#tokens.shift() ?? '';
    if (!token.startsWith('"')) throw this.#fault('a value in double quotes is missing');
    return token.slice(1, -1).replace(/\\(.)/g, '$1');
  }

  #accept(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw this.#fault(`${token} is missing`);
  }

  #split(): string[] {
    const tokens: string[] = [];
    const pattern = new RegExp(TOKEN);
    while (pattern.lastIndex < this.#text.trimEnd().length) {
      const token = pattern.exec(this.#text)?.[1];
      if (token === undefined) throw this.#fault('it holds a character that has no meaning there');
      tokens.push(token);
    }
    return tokens;
  }

  #fault(problem: string): Error {
    return invalid(`The filter ${JSON.stringify(this.#text)} cannot be read: ${problem}.`);
  }
}

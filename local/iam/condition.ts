import type { Resource } from '../http/access.ts';
import { notImplemented } from '../http/api-error.ts';

/** Whether a condition holds for a resource. */
export type Test = (resource: Resource) => boolean;

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(&&|\|\||==|!=|[!().,])|([A-Za-z_][A-Za-z0-9_]*))/y;

/**
 * The part of CEL that is understood here (https://cloud.google.com/iam/docs/conditions-attribute-reference): `resource.name`,
 * `resource.type`, `resource.service` and `api.getAttribute(NAME, DEFAULT)`, with `==`, `!=`, `.startsWith(TEXT)` and
 * `.endsWith(TEXT)`, joined by `&&`, `||`, `!` and parentheses. Anything else is refused with 501.
 */
export function parseCondition(expression: string): Test {
  const tokens = tokenize(expression);
  let at = 0;
  const test = either();
  if (at < tokens.length) throw unknown(expression);
  return test;

  function either(): Test {
    const left = both();
    if (!take('||')) return left;
    const right = either();
    return (resource) => left(resource) || right(resource);
  }

  function both(): Test {
    const left = negated();
    if (!take('&&')) return left;
    const right = both();
    return (resource) => left(resource) && right(resource);
  }

  function negated(): Test {
    if (take('!')) {
      const inner = negated();
      return (resource) => !inner(resource);
    }
    if (!take('(')) return comparison();
    const inner = either();
    expect(')');
    return inner;
  }

  function comparison(): Test {
    const value = attribute();
    const operator = next();
    if (operator === '==' || operator === '!=') {
      const wanted = text();
      return (resource) => (value(resource) === wanted) === (operator === '==');
    }
    const method = operator === '.' ? next() : undefined;
    if (method !== 'startsWith' && method !== 'endsWith') throw unknown(expression);
    expect('(');
    const part = text();
    expect(')');
    return (resource) => value(resource)[method](part);
  }

  function attribute(): (resource: Resource) => string {
    const object = next();
    expect('.');
    const name = next();
    if (object === 'resource' && name === 'name') return (resource) => resource.name;
    if (object === 'resource' && name === 'type') return (resource) => resource.type;
    if (object === 'resource' && name === 'service')
      return (resource) => resource.type.split('/', 1)[0] ?? '';
    if (object !== 'api' || name !== 'getAttribute') throw unknown(expression);
    expect('(');
    const wanted = text();
    expect(',');
    const otherwise = text();
    expect(')');
    return ({ attributes }) => attributes?.[wanted] ?? otherwise;
  }

  function text(): string {
    const token = next() ?? '';
    if (!/^["']/.test(token)) throw unknown(expression);
    return token.slice(1, -1).replace(/\\(.)/g, '$1');
  }

  function next(): string | undefined {
    const token = tokens[at];
    at += 1;
    return token;
  }

  function take(token: string): boolean {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  }

  function expect(token: string): void {
    if (!take(token)) throw unknown(expression);
  }
}

function tokenize(expression: string): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  const end = expression.trimEnd().length;
  while (pattern.lastIndex < end) {
    const found = pattern.exec(expression);
    if (!found) throw unknown(expression);
    tokens.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return tokens;
}

function unknown(expression: string) {
  return notImplemented(`the condition ${JSON.stringify(expression)} (IAM)`);
}

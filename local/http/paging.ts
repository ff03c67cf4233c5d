import { invalid } from './api-error.ts';

export interface Page<T> {
  items: T[];
  /** Absent on the last page. */
  nextPageToken?: string;
}

/** One page of `items`, which are in the order of their names. The token is the last name of the page before. */
export function page<T>(items: T[], nameOf: (item: T) => string, size = 100, token = ''): Page<T> {
  if (!Number.isInteger(size) || size < 0) throw invalid(`pageSize is ${size}; it must be a whole number.`);
  const after = Buffer.from(token, 'base64url').toString('utf8');
  const rest = [...items]
    .sort((a, b) => compare(nameOf(a), nameOf(b)))
    .filter((item) => nameOf(item) > after);
  const taken = rest.slice(0, size || 100);
  const last = taken.at(-1);
  if (last === undefined || taken.length === rest.length) return { items: taken };
  return { items: taken, nextPageToken: Buffer.from(nameOf(last)).toString('base64url') };
}

/** By code unit, as the filter above compares too: a locale's order would skip items between pages. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

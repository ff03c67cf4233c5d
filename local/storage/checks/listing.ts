import { invalid } from '../../http/api-error.ts';

/** https://cloud.google.com/storage/docs/json_api/v1/objects/list */
export interface ListOptions {
  prefix: string;
  delimiter?: string;
  startOffset?: string;
  /** Exclusive. */
  endOffset?: string;
  includeTrailingDelimiter?: boolean;
  matchGlob?: RegExp;
  maxResults: number;
  pageToken?: string;
}

export interface Page<T> {
  items: T[];
  prefixes: string[];
  nextPageToken?: string;
}

/** What is named from `from` (inclusive) to `before` (exclusive; absent: to the end), in UTF-8 order. */
export type NamesFrom<T> = (from: string, before?: string) => Iterable<T>;

/** One line of a listing: an object, or a prefix up to the delimiter, or both for a trailing delimiter. */
interface Entry<T> {
  item?: T;
  prefix?: string;
  /** Where the listing goes on behind this entry; absent at the very end. */
  next: string | undefined;
}

const LAST_CODE_POINT = 0x10ffff;
const SURROGATES = { first: 0xd800, after: 0xe000 };

export function listPage<T extends { name: string }>(namesFrom: NamesFrom<T>, options: ListOptions): Page<T> {
  const page: Page<T> = { items: [], prefixes: [] };
  let count = 0;
  let next: string | undefined;
  for (const entry of entries(namesFrom, options)) {
    if (count === options.maxResults) {
      if (next !== undefined) page.nextPageToken = encodeToken(next);
      break;
    }
    if (entry.item) page.items.push(entry.item);
    if (entry.prefix !== undefined) page.prefixes.push(entry.prefix);
    next = entry.next;
    count += 1;
  }
  return page;
}

/** Walks the names; what shares a prefix up to the delimiter is one entry, and is skipped over in one step. */
function* entries<T extends { name: string }>(
  namesFrom: NamesFrom<T>,
  options: ListOptions,
): Generator<Entry<T>> {
  const before = earliest(options.endOffset, successor(options.prefix));
  let from: string | undefined = options.pageToken
    ? decodeToken(options.pageToken)
    : latest(options.prefix, options.startOffset ?? '');
  while (from !== undefined) {
    let behindPrefix: string | undefined;
    for (const item of namesFrom(from, before)) {
      if (options.matchGlob?.test(item.name) === false) continue;
      const prefix = commonPrefix(item.name, options);
      if (prefix === undefined) {
        yield { item, next: `${item.name}\0` };
        continue;
      }
      behindPrefix = successor(prefix);
      const isListedToo = options.includeTrailingDelimiter && item.name === prefix;
      yield { prefix, ...(isListedToo && { item }), next: behindPrefix };
      break;
    }
    from = behindPrefix;
  }
}

function commonPrefix(name: string, { prefix, delimiter }: ListOptions): string | undefined {
  if (!delimiter) return undefined;
  const at = name.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : name.slice(0, at + delimiter.length);
}

/** The least string behind everything that starts with `prefix`; undefined when there is none. */
export function successor(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  const following = last + 1 === SURROGATES.first ? SURROGATES.after : last + 1;
  return String.fromCodePoint(...points, following);
}

const isBefore = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
const latest = (a: string, b: string) => (isBefore(a, b) ? b : a);

function earliest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isBefore(a, b) ? a : b;
}

const encodeToken = (next: string) => Buffer.from(next).toString('base64url');

function decodeToken(token: string): string {
  const next = Buffer.from(token, 'base64url').toString();
  if (encodeToken(next) !== token) throw invalid(`Invalid pageToken: '${token}'.`);
  return next;
}

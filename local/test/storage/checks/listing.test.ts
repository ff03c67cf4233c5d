import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ListOptions, listPage, type Page, successor } from '../../../storage/checks/listing.ts';

interface Named {
  name: string;
}

const utf8 = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const letters = fc.constantFrom('a', 'b', '/', '//', '-', 'é', '\u{ffff}', '\u{10000}', '\u{10ffff}');
const name = fc.string({ unit: letters, minLength: 1, maxLength: 5 });
const names = fc.uniqueArray(name, { maxLength: 25 }).map((all) => all.sort(utf8));
const options = fc.record({
  prefix: fc.oneof(fc.constant(''), fc.string({ unit: letters, maxLength: 2 })),
  delimiter: fc.constantFrom('', '/', '//', 'b'),
  startOffset: fc.oneof(fc.constant(''), name),
  endOffset: fc.oneof(fc.constant(''), name),
  includeTrailingDelimiter: fc.boolean(),
});
type Wanted = { [K in 'prefix' | 'delimiter' | 'startOffset' | 'endOffset']: string } & {
  includeTrailingDelimiter: boolean;
};

test('the pages together are the whole listing, in order, each but the last full', () => {
  fc.assert(
    fc.property(names, options, fc.integer({ min: 1, max: 5 }), (all, wanted, maxResults) => {
      const pages = [...walk(all, { ...given(wanted), maxResults })];
      const expected = plainListing(all, wanted);
      assert.deepEqual(
        pages.flatMap((page) => page.items.map((item) => item.name)),
        expected.items,
      );
      assert.deepEqual(
        pages.flatMap((page) => page.prefixes),
        expected.prefixes,
      );
      for (const page of pages.slice(0, -1)) assert.equal(entryCount(page), maxResults);
    }),
    { numRuns: 500 },
  );
});

test('the successor of a prefix is behind all that starts with it, and behind nothing else', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
      (prefix, other) => {
        const next = successor(prefix);
        if (next === undefined) return;
        assert.equal(utf8(prefix, next) < 0, true);
        assert.equal(utf8(prefix + other, next) < 0, true);
        const isBetween = utf8(prefix, other) <= 0 && utf8(other, next) < 0;
        assert.equal(isBetween, other.startsWith(prefix));
      },
    ),
  );
});

test('a page token that was never given out is refused', () => {
  const listing = () => listPage(() => [], { prefix: '', maxResults: 1, pageToken: '!' });
  assert.throws(listing, { status: 400, message: "Invalid pageToken: '!'." });
});

function* walk(all: string[], wanted: ListOptions): Generator<Page<Named>> {
  const namesFrom = (from: string, before?: string) =>
    all
      .filter((one) => utf8(one, from) >= 0 && (before === undefined || utf8(one, before) < 0))
      .map((one) => ({ name: one }));
  let pageToken: string | undefined;
  do {
    const page = listPage(namesFrom, { ...wanted, ...(pageToken && { pageToken }) });
    yield page;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

/** What the documentation says a listing is, without pages. */
function plainListing(all: string[], { prefix, delimiter, startOffset, endOffset, ...wanted }: Wanted) {
  const inRange = all.filter(
    (one) =>
      one.startsWith(prefix) && utf8(one, startOffset) >= 0 && (endOffset === '' || utf8(one, endOffset) < 0),
  );
  const folderOf = (one: string) => {
    const at = delimiter === '' ? -1 : one.indexOf(delimiter, prefix.length);
    return at < 0 ? undefined : one.slice(0, at + delimiter.length);
  };
  const isListed = (one: string) =>
    folderOf(one) === undefined || (wanted.includeTrailingDelimiter && folderOf(one) === one);
  const folders = inRange.map(folderOf).filter((folder) => folder !== undefined);
  return { items: inRange.filter(isListed), prefixes: [...new Set(folders)] };
}

function given({ prefix, delimiter, startOffset, endOffset, includeTrailingDelimiter }: Wanted) {
  return {
    prefix,
    includeTrailingDelimiter,
    ...(delimiter && { delimiter }),
    ...(startOffset && { startOffset }),
    ...(endOffset && { endOffset }),
  };
}

function entryCount(page: Page<Named>): number {
  const isAlsoPrefix = (item: Named) => page.prefixes.includes(item.name);
  return page.prefixes.length + page.items.filter((item) => !isAlsoPrefix(item)).length;
}

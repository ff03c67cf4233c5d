import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { page } from '../../http/paging.ts';

test('the pages of a list are together the list, in the order of its names', () =>
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 })),
      fc.integer({ min: 1, max: 5 }),
      (names, size) => {
        const seen: string[] = [];
        let token: string | undefined;
        do {
          const { items, nextPageToken } = page(names, (name) => name, size, token);
          assert.ok(items.length <= size);
          seen.push(...items);
          token = nextPageToken;
        } while (token !== undefined);
        assert.deepEqual(seen, names.toSorted());
      },
    ),
  ));

test('a page size that is no whole number is refused', () =>
  assert.throws(() => page([], String, Number('x')), {
    status: 400,
    message: 'pageSize is NaN; it must be a whole number.',
  }));

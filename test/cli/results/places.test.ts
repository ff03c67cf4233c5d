import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { placeResults } from '../../../cli/results/places.ts';
import { RUN_ID } from '../support/statuses.ts';

function placed(names: string[], ignoresCase = false) {
  const objects = names.map((name) => ({
    name: `results/${RUN_ID}/${name}`,
    bytes: name.endsWith('/') ? 0 : 1,
    crc32c: '',
    generation: '1',
    updatedAt: '',
  }));
  return placeResults(objects, RUN_ID, '/results', ignoresCase);
}

const pathsOf = (names: string[], ignoresCase?: boolean) =>
  placed(names, ignoresCase).files.map((file) => file.path);
const skippedOf = (names: string[], ignoresCase?: boolean) =>
  placed(names, ignoresCase).skipped.map(({ path: name, reason }) => `${name} ${reason}`);

test('no object name leads out of the folder of the results, and each has its file or is named', () => {
  const part = fc.constantFrom('..', '.', '', 'a', 'b.csv', '...', 'A', '.vicinity-parts');
  const names = fc.uniqueArray(
    fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(names, fc.boolean(), (found, ignoresCase) => {
      const { files, skipped } = placed(found, ignoresCase);
      for (const { file } of files) assert.ok(path.resolve(file).startsWith('/results/'));
      const markers = found.filter((name) => name.endsWith('/'));
      assert.equal(files.length + skipped.length + markers.length, found.length);
      const targets = files.map(({ file }) => (ignoresCase ? file.toLowerCase() : file));
      assert.equal(new Set(targets).size, targets.length);
    }),
  );
});

test('an object that only marks a folder is not a file; other impossible names are named', () => {
  const names = ['data/', 'data/x.csv', 'data/../../x', '/etc/x', 'nul\0', '.vicinity-parts/x'];
  assert.deepEqual(pathsOf(names), ['data/x.csv']);
  assert.deepEqual(skippedOf(names), [
    'data/../../x has a name that no file can have',
    '/etc/x has a name that no file can have',
    'nul\0 has a name that no file can have',
    '.vicinity-parts/x has the name of the folder for interrupted downloads',
  ]);
});

test('a file that has the name of a folder of other results is named', () => {
  assert.deepEqual(pathsOf(['data', 'data/x', 'data/x/y', 'database']), ['data/x/y', 'database']);
  assert.deepEqual(skippedOf(['data', 'data/x', 'data/x/y']), [
    'data is a file, and other results need a folder of that name',
    'data/x is a file, and other results need a folder of that name',
  ]);
});

test('names that differ only in case are named on a disk that ignores case', () => {
  const names = ['A/x', 'a/X', 'caf\u00e9', 'cafe\u0301', 'data', 'DATA/y'];
  assert.deepEqual(skippedOf(names), []);
  assert.deepEqual(skippedOf(names, true), [
    'a/X differs from A/x only in case, and this disk ignores case',
    'cafe\u0301 differs from caf\u00e9 only in case, and this disk ignores case',
    'data is a file, and other results need a folder of that name',
  ]);
});

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { resultFiles } from '../../../cli/results/places.ts';
import { RUN_ID } from '../support/statuses.ts';

function objectOf(below: string) {
  return { name: `results/${RUN_ID}/${below}`, bytes: 1, crc32c: '', generation: '1', updatedAt: '' };
}

test('no object name leads out of the folder of the results', () => {
  const part = fc.constantFrom('..', '.', '', 'a', 'b.csv', '...');
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const found = resultFiles([objectOf(parts.join('/'))], RUN_ID, '/results');
      for (const { file } of found) assert.ok(path.resolve(file).startsWith('/results/'));
    }),
  );
});

test('what only marks a folder is no file', () => {
  const names = ['data/', '', 'data/x.csv', 'data/../../x', '/etc/x'];
  assert.deepEqual(
    resultFiles(names.map(objectOf), RUN_ID, '/results').map(({ file }) => file),
    ['/results/data/x.csv'],
  );
});

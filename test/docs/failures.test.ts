import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ROOT, readDocument } from './markdown.ts';

/** Each row of the failure matrix ends in `[shown](file "name of a test")`. */
const document = readDocument('docs/reference/failures.md');
const rows = document.text
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (failure|---)/.test(line));

test('every failure links to an existing test', () => {
  assert.ok(rows.length > 30);
  assert.deepEqual(
    rows.filter((row) => !isShown(row)),
    [],
  );
});

function isShown(row: string): boolean {
  const [, path, name = ''] = /\[shown\]\(([^ ]+) "(.+)"\) \|$/.exec(row) ?? [];
  if (!path) return false;
  const file = join(ROOT, dirname(document.file), path);
  // The formatter decides about quotes within a name.
  return existsSync(file) && readFileSync(file, 'utf8').includes(name);
}

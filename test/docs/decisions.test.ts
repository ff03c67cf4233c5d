import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, readDocument } from './markdown.ts';

const FOLDER = 'docs/decisions';
const INDEX = 'README.md';
const index = readDocument(`${FOLDER}/${INDEX}`);
const records = readdirSync(join(ROOT, FOLDER))
  .filter((name) => name !== INDEX)
  .sort();
const rows = [...index.text.matchAll(/^\| \[[^\]]+\]\(([^)]+)\) \| (.+) \|$/gm)].map(
  ([, file = '', status = '']) => ({ file, status }),
);

test('the index lists every decision once', () => {
  assert.deepEqual(rows.map(({ file }) => file).sort(), records);
});

test('the index lists the newest decisions first', () => {
  const dates = rows.map(({ file }) => file.slice(0, 8));
  assert.deepEqual(dates, dates.toSorted().reverse());
});

test('every decision is accepted, or superseded by one that exists', () => {
  const wrong = rows.filter(({ status }) => {
    const [, successor] = /^superseded by \[[^\]]+\]\(([^)]+)\)$/.exec(status) ?? [];
    return status !== 'accepted' && !records.includes(successor ?? '');
  });
  assert.deepEqual(wrong, []);
});

test('the name of every decision begins with its date', () => {
  assert.deepEqual(
    records.filter((name) => !/^20\d{6}-[a-z0-9-]+\.md$/.test(name)),
    [],
  );
});

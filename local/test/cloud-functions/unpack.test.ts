import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { unpackZip } from '../../cloud-functions/unpack.ts';
import { zipOf } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'unpack-'));
after(() => rmSync(folder, { recursive: true }));

test('unpacks files, also in folders', () => {
  const archive = zipOf({ 'index.cjs': 'x'.repeat(10_000), 'lib/a.txt': '', 'lib/ü.txt': 'ü' });
  unpackZip(archive, folder);
  assert.equal(readFileSync(join(folder, 'index.cjs'), 'utf8'), 'x'.repeat(10_000));
  assert.equal(readFileSync(join(folder, 'lib', 'ü.txt'), 'utf8'), 'ü');
});

test('refuses what is no archive, and what leaves the folder', () => {
  assert.throws(() => unpackZip(Buffer.from('tar'), folder), { message: 'The source is no ZIP archive.' });
  assert.throws(() => unpackZip(zipOf({ '../a': 'x' }), folder), {
    message: 'The path "../a" in the archive leaves the function\'s folder.',
  });
});

test('sees damage', () => {
  const archive = zipOf({ 'a.txt': 'some words, some words' });
  archive[40] = (archive[40] ?? 0) ^ 1;
  assert.throws(() => unpackZip(archive, folder));
});

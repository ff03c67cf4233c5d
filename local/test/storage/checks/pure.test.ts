import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBucketAttributes, readObjectAttributes } from '../../../storage/checks/attributes.ts';
import { readContentRange } from '../../../storage/checks/content-range.ts';
import { claimedHashes } from '../../../storage/checks/digest.ts';
import { readGlob } from '../../../storage/checks/glob.ts';
import { requireBucketName, requireObjectName } from '../../../storage/checks/names.ts';
import { mergePatch } from '../../../storage/checks/patch.ts';
import { readRange } from '../../../storage/checks/range.ts';

test('a Range header names one part of the object, or the whole of it', () => {
  const table: [string | undefined, number, ReturnType<typeof readRange>][] = [
    [undefined, 10, undefined],
    ['bytes=0-4', 10, { start: 0, end: 5 }],
    ['bytes=4-', 10, { start: 4, end: 10 }],
    ['bytes=4-99', 10, { start: 4, end: 10 }],
    ['bytes=-3', 10, { start: 7, end: 10 }],
    ['bytes=-99', 10, { start: 0, end: 10 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=5-4', 10, undefined],
    ['bytes=0-1,3-4', 10, undefined],
    ['lines=0-1', 10, undefined],
  ];
  for (const [header, size, expected] of table) assert.deepEqual(readRange(header, size), expected, header);
});

test('a Content-Range header says what an upload request brings', () => {
  const table: [string | undefined, ReturnType<typeof readContentRange>][] = [
    [undefined, { start: 0, final: true }],
    ['bytes 0-9/*', { start: 0, end: 10, final: false }],
    ['bytes 5-9/10', { start: 5, end: 10, total: 10, final: false }],
    ['bytes 0-*/*', { start: 0, final: true }],
    ['bytes 7-*/10', { start: 7, total: 10, final: true }],
    ['bytes */*', { final: false }],
    ['bytes */10', { total: 10, final: false }],
  ];
  for (const [header, expected] of table) assert.deepEqual(readContentRange(header), expected, header);
  assert.throws(() => readContentRange('bytes x'), {
    status: 400,
    message: "Failed to parse Content-Range header: 'bytes x'.",
  });
});

test('names are held to the rules of Cloud Storage', () => {
  for (const good of ['test-project', 'a_1', 'a.b.c']) {
    assert.equal(requireBucketName(good), good);
  }
  for (const bad of ['ab', 'Upper', '-a-', 'goog-x', 'my-google', '192.168.5.4', 'x'.repeat(64)]) {
    assert.throws(() => requireBucketName(bad), { status: 400, message: `Invalid bucket name: '${bad}'` });
  }
  assert.equal(requireObjectName('é'.repeat(512)).length, 512);
  assert.throws(() => requireObjectName('é'.repeat(513)), {
    message: 'The object name is longer than 1024 bytes of UTF-8.',
  });
  assert.throws(() => requireObjectName('caf\udce9.csv'), {
    status: 400,
    message: 'The object name is not valid UTF-8: "caf\\udce9.csv"',
  });
  for (const bad of ['.', '..', 'a\nb']) {
    assert.throws(() => requireObjectName(bad), { message: `Invalid object name: ${JSON.stringify(bad)}` });
  }
});

test('a glob matches within and across folders', () => {
  const table: [string, string[], string[]][] = [
    ['*.txt', ['a.txt'], ['a/b.txt', 'a.csv']],
    ['**.txt', ['a.txt', 'a/b.txt'], ['a.csv']],
    ['a/**/c', ['a/c', 'a/b/c', 'a/b/b/c'], ['a/bc']],
    ['a?c', ['abc'], ['a/c', 'ac']],
    ['[ab]{1,2}', ['a1', 'b2'], ['c1', 'a3']],
    ['[!a]', ['b'], ['a']],
    ['a.c', ['a.c'], ['abc']],
  ];
  for (const [glob, good, bad] of table) {
    for (const name of good) assert.equal(readGlob(glob).test(name), true, `${glob} ${name}`);
    for (const name of bad) assert.equal(readGlob(glob).test(name), false, `${glob} ${name}`);
  }
});

test('a merge patch removes by null, merges objects and replaces all else', () => {
  const base = { a: 1, metadata: { k: 'v', gone: 'x' }, list: [1] };
  assert.deepEqual(mergePatch(base, { a: null, metadata: { gone: null, n: 'w' }, list: [2] }), {
    metadata: { k: 'v', n: 'w' },
    list: [2],
  });
  assert.deepEqual(base, { a: 1, metadata: { k: 'v', gone: 'x' }, list: [1] });
});

test('hashes are claimed in the metadata, in x-goog-hash and in content-md5', () => {
  assert.deepEqual(claimedHashes({ crc32c: 'a' }, 'crc32c=b==, md5=c=', 'd'), [
    { crc32c: 'a' },
    { crc32c: 'b==', md5Hash: 'c=' },
    { md5Hash: 'd' },
  ]);
});

test('what would have to be enforced and is not is refused by its name', () => {
  const refused = (what: string) => ({ status: 501, message: `The local cloud does not implement ${what}.` });
  assert.throws(() => readObjectAttributes({ temporaryHold: true }), refused('temporaryHold on an object'));
  assert.throws(
    () => readBucketAttributes({ versioning: { enabled: true } }),
    refused('versioning of buckets'),
  );
  assert.throws(
    () => readBucketAttributes({ retentionPolicy: { retentionPeriod: '1' } }),
    refused('retentionPolicy of buckets'),
  );
  assert.deepEqual(readBucketAttributes({ versioning: { enabled: false } }), {
    versioning: { enabled: false },
  });
});

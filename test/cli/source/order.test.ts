import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { entriesOf, PIPELINE, packageOf } from '../support/packages.ts';
import { TestRepository } from '../support/repository.ts';

const FILES = { ...PIPELINE, 'src.txt': 'old', 'published/result.csv': 'row,old' };
/** Seconds since 1970 of a checkout. */
const CHECKOUT = 1.8e9;

function date(repository: TestRepository, times: Record<string, number>): void {
  for (const [file, seconds] of Object.entries(times)) {
    utimesSync(path.join(repository.directory, file), seconds, seconds);
  }
}

function checkedOut(): TestRepository {
  const repository = new TestRepository(FILES);
  // In byte order, a millisecond each: that one is older than the other means nothing.
  Object.keys(FILES)
    .sort()
    .forEach((file, place) => {
      date(repository, { [file]: CHECKOUT + place / 1000 });
    });
  return repository;
}

/** Each file's age in seconds after the oldest, as make on the VM sees it. */
async function agesOf(repository: TestRepository): Promise<Record<string, number>> {
  const entries = await entriesOf(await packageOf(repository.directory));
  return Object.fromEntries(entries.map((entry) => [entry.path, entry.age]));
}

suite('a package keeps the order in which files were modified', () => {
  test('files of one checkout are equally old', async () => {
    using repository = checkedOut();
    assert.deepEqual(await agesOf(repository), {
      Makefile: 0,
      'published/result.csv': 0,
      'src.txt': 0,
      'vicinity.yaml': 0,
    });
  });

  test('a source that was changed after a tracked output is newer, whether or not it was committed', async () => {
    using repository = checkedOut();
    repository.write('src.txt', 'newer');
    date(repository, { 'src.txt': CHECKOUT + 60 });
    const expected = { Makefile: 0, 'published/result.csv': 0, 'src.txt': 1, 'vicinity.yaml': 0 };
    assert.deepEqual(await agesOf(repository), expected);
    repository.commit();
    assert.deepEqual(await agesOf(repository), expected);
  });

  test('a tracked output that was made again is newer than its source', async () => {
    using repository = checkedOut();
    repository.write('src.txt', 'newer');
    repository.write('published/result.csv', 'row,newer');
    date(repository, { 'src.txt': CHECKOUT + 60, 'published/result.csv': CHECKOUT + 61 });
    const { 'src.txt': source, 'published/result.csv': output } = await agesOf(repository);
    assert.deepEqual({ source, output }, { source: 1, output: 2 });
  });

  test('a file that was touched is newer', async () => {
    using repository = checkedOut();
    date(repository, { 'src.txt': CHECKOUT + 60 });
    assert.equal((await agesOf(repository))['src.txt'], 1);
  });

  test('a change within milliseconds of the checkout counts', async () => {
    using repository = checkedOut();
    repository.write('src.txt', 'newer');
    date(repository, { 'src.txt': CHECKOUT + 0.0015 });
    const { 'src.txt': source = 0, 'published/result.csv': output = 0 } = await agesOf(repository);
    assert.ok(source > output);
  });
});

test('two clones of a commit give the same package', async () => {
  using repository = new TestRepository(FILES);
  const clones = mkdtempSync(`${repository.directory}-clones-`);
  try {
    const hashes = ['one', 'two'].map(async (name) => {
      const clone = path.join(clones, name);
      repository.git('clone', '--quiet', repository.directory, clone);
      return (await packageOf(clone)).sha256;
    });
    const [one, two] = await Promise.all(hashes);
    assert.equal(one, two);
  } finally {
    rmSync(clones, { recursive: true });
  }
});

test('only the order of modification counts for the hash, not the times', async () => {
  using repository = checkedOut();
  date(repository, { 'src.txt': CHECKOUT + 60 });
  const before = await packageOf(repository.directory);
  date(repository, { 'src.txt': CHECKOUT + 86_400 });
  assert.equal((await packageOf(repository.directory)).sha256, before.sha256);
  date(repository, { 'src.txt': CHECKOUT });
  assert.notEqual((await packageOf(repository.directory)).sha256, before.sha256);
});

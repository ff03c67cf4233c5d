import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { describeIssue } from '../../../shared/errors.ts';
import { inspectPackage } from '../../../shared/intake/inspect-package.ts';
import { sha256 } from '../../../shared/model/message.ts';
import { type EntrySpec, packageOf } from '../../fakes/source-package.ts';

async function inspect(entries: EntrySpec[]) {
  const { sha256: hash, bytes } = await packageOf(entries);
  const inspected = await inspectPackage(Readable.from([bytes]), hash, 'gs://b/src/x.tar.gz');
  return 'issues' in inspected ? inspected.issues.map(describeIssue) : inspected.manifest;
}

const outside = (problem: string) => [
  `source: gs://b/src/x.tar.gz: ${problem}. Make the package anew with vicinity push.`,
];

test('the manifest in the package tells commit, dirt and inputs', async () => {
  const manifest = { version: 1 as const, commit: 'abc', dirty: true, inputs: [] };
  const content = JSON.stringify(manifest);
  assert.deepEqual(
    await inspect([
      { path: 'Makefile', content: 'all:' },
      { path: '.vicinity/package.json', content },
    ]),
    manifest,
  );
});

test('a package made by hand has no manifest, and that is fine', async () => {
  assert.equal(await inspect([{ path: 'Makefile', content: 'all:' }]), undefined);
});

test('links within the tree are fine', async () => {
  assert.equal(
    await inspect([
      { path: 'a/b', type: 'SymbolicLink', linkpath: '../c' },
      { path: 'c', content: 'x' },
    ]),
    undefined,
  );
});

test('entries and links that leave the tree are refused by name', async () => {
  assert.deepEqual(
    await inspect([{ path: '../evil', content: 'x' }]),
    outside('entry ../evil lies outside the package'),
  );
  assert.deepEqual(
    await inspect([{ path: 'a/../../evil', content: 'x' }]),
    outside('entry a/../../evil lies outside the package'),
  );
  assert.deepEqual(
    await inspect([{ path: '/etc/passwd', content: 'x' }]),
    outside('entry /etc/passwd lies outside the package'),
  );
  assert.deepEqual(
    await inspect([{ path: 'a/l', type: 'SymbolicLink', linkpath: '../../x' }]),
    outside('link a/l leads out of the package, to ../../x'),
  );
  assert.deepEqual(
    await inspect([{ path: 'l', type: 'SymbolicLink', linkpath: '/etc/shadow' }]),
    outside('link l leads out of the package, to /etc/shadow'),
  );
  assert.deepEqual(
    await inspect([{ path: 'l', type: 'Link', linkpath: '../x' }]),
    outside('link l leads out of the package, to ../x'),
  );
  assert.deepEqual(
    await inspect([{ path: 'dev', type: 'CharacterDevice' }]),
    outside('entry dev is a CharacterDevice, neither file nor directory nor link'),
  );
});

test('bytes that are not those of the name are refused', async () => {
  const { bytes } = await packageOf({ Makefile: 'all:' });
  const inspected = await inspectPackage(Readable.from([bytes]), '0'.repeat(64), 'p');
  assert.deepEqual('issues' in inspected && inspected.issues.map((issue) => issue.problem), [
    'p: its bytes do not have the SHA-256 that its name says',
  ]);
});

test('what is no gzipped tar is refused, whole or cut short', async () => {
  const { bytes } = await packageOf({ Makefile: 'all:\n'.repeat(1000) });
  for (const broken of [
    Buffer.from('hello'),
    gzipSync('hello world'.repeat(100)),
    bytes.subarray(0, 60),
    Buffer.alloc(0),
  ]) {
    const inspected = await inspectPackage(Readable.from([broken]), sha256(''), 'p');
    assert.ok('issues' in inspected, `${broken.length} bytes`);
    assert.match(inspected.issues[0]?.problem ?? '', /^p: (is not a gzipped tar archive|its bytes)/);
  }
});

test('a fault of the storage is no fault of the package', async () => {
  const fault = Object.assign(new Error('unavailable'), { code: 503 });
  const broken = new Readable({ read: () => void broken.destroy(fault) });
  await assert.rejects(inspectPackage(broken, 'f'.repeat(64), 'gs://b/src/x.tar.gz'), fault);
});

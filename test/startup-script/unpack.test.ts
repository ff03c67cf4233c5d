import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { PYTHON, run, TOOLS } from './fixture/tool.ts';

interface Member {
  path: string;
  type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice';
  linkpath?: string;
  text?: string;
  mode?: number;
}

const REFUSED: [string, Member[], string][] = [
  ['a path above the tree', [{ path: '../evil' }], '../evil would be written outside the source tree'],
  ['a path that climbs', [{ path: 'a/../../evil' }], 'a/../../evil would be written outside the source tree'],
  ['an absolute path', [{ path: '/evil' }], '/evil would be written outside the source tree'],
  [
    'a symbolic link that leaves',
    [{ path: 'a/b', type: 'SymbolicLink', linkpath: '../../evil' }],
    'a/b is a link that leaves the source tree, to ../../evil',
  ],
  [
    'an absolute symbolic link',
    [{ path: 'a', type: 'SymbolicLink', linkpath: '/etc' }],
    'a is a link that leaves the source tree, to /etc',
  ],
  [
    'a symbolic link that leaves by way of another',
    [
      { path: 'b', type: 'SymbolicLink', linkpath: '.' },
      { path: 'a', type: 'SymbolicLink', linkpath: 'b/..' },
    ],
    'a is a link that leaves the source tree, to b/..',
  ],
  [
    'a link that is placed through another that leaves',
    [
      { path: 'b', type: 'SymbolicLink', linkpath: '.' },
      { path: 'a', type: 'SymbolicLink', linkpath: 'b/..' },
      { path: 'a/evil', type: 'SymbolicLink', linkpath: 'x' },
    ],
    'a/evil would be written through a link outside the source tree',
  ],
  [
    'a hard link that leaves',
    [{ path: 'a', type: 'Link', linkpath: '../evil' }],
    'a is a link that leaves the source tree, to ../evil',
  ],
  [
    'a hard link to a link',
    [
      { path: 'd/s', type: 'SymbolicLink', linkpath: '../x' },
      { path: 'h', type: 'Link', linkpath: 'd/s' },
    ],
    'h is a hard link to d/s, which is not a file of the package',
  ],
  ['a device', [{ path: 'null', type: 'CharacterDevice' }], 'null is a device or another special file'],
];

for (const [what, members, message] of REFUSED) {
  test(`refused: ${what}`, async (t) => {
    const { result, directory } = await unpack(t, tarball(members));
    assert.deepEqual(result, {
      status: 1,
      stdout: '',
      stderr: `The source package cannot be unpacked: ${message}\n`,
    });
    assert.deepEqual(readdirSync(directory).sort(), ['src', 'x.tar.gz']);
  });
}

test('a file is never written through a link, in whatever order they come', async (t) => {
  const { result, src } = await unpack(
    t,
    tarball([
      { path: 'real', type: 'Directory' },
      { path: 'link', type: 'SymbolicLink', linkpath: 'real' },
      { path: 'link/x', text: 'x' },
    ]),
  );
  assert.equal(
    result.stderr,
    'The source package cannot be unpacked: link is a link and something else as well\n',
  );
  assert.equal(existsSync(join(src, 'real/x')), false);
});

test('files, directories and links within the tree are unpacked', async (t) => {
  const { result, src } = await unpack(
    t,
    tarball([
      { path: 'a', type: 'Directory' },
      { path: 'a/file', text: 'text' },
      { path: 'hard', type: 'Link', linkpath: 'a/file' },
      { path: 'soft', type: 'SymbolicLink', linkpath: 'a/file' },
    ]),
  );
  assert.deepEqual(result, { status: 0, stdout: '', stderr: '' });
  for (const name of ['a/file', 'hard', 'soft']) assert.equal(readFileSync(join(src, name), 'utf8'), 'text');
});

test('a link within the tree is not written through, even where a file of that name exists', async (t) => {
  const { result, src } = await unpack(
    t,
    tarball([
      { path: 'real', text: 'kept' },
      { path: 'link', type: 'SymbolicLink', linkpath: 'real' },
      { path: 'link', text: 'overwritten' },
    ]),
  );
  assert.equal(result.status, 0, result.stderr);
  assert.equal(readFileSync(join(src, 'real'), 'utf8'), 'kept');
});

test('permissions are kept without setuid, setgid, sticky bits and write access of others', async (t) => {
  const { result, src } = await unpack(
    t,
    tarball([
      { path: 'folder', type: 'Directory', mode: 0o7777 },
      { path: 'folder/program', mode: 0o6777 },
      { path: 'data', mode: 0o4 },
    ]),
  );
  assert.equal(result.status, 0, result.stderr);
  const modes = ['folder', 'folder/program', 'data'].map((name) => statSync(join(src, name)).mode & 0o7777);
  assert.deepEqual(modes, [0o755, 0o755, 0o604]);
});

test('a file that is not a tarball, or only half of one, is refused', async (t) => {
  const whole = tarball([{ path: 'file', text: 'x'.repeat(5000) }]);
  for (const bytes of [Buffer.from('not gzip'), whole.subarray(0, whole.length - 20)]) {
    const { result } = await unpack(t, bytes);
    assert.equal(result.status, 1);
    assert.match(result.stderr, /^The source package cannot be unpacked: /);
  }
});

async function unpack(t: TestContext, bytes: Buffer) {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-unpack-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const src = join(directory, 'src');
  mkdirSync(src);
  writeFileSync(join(directory, 'x.tar.gz'), bytes);
  const command = `exec '${PYTHON}' -BS '${TOOLS}unpack.py' '${src}' <'${directory}/x.tar.gz'`;
  return { result: await run('bash', ['-c', command]), directory, src };
}

function tarball(members: Member[]): Buffer {
  return gzipSync(Buffer.concat([...members.map(entry), Buffer.alloc(1024)]));
}

function entry({
  path,
  type = 'File',
  linkpath,
  text = '',
  mode = type === 'Directory' ? 0o755 : 0o644,
}: Member): Buffer {
  const header = new Header({
    path,
    type,
    mode,
    size: text.length,
    ...(linkpath !== undefined && { linkpath }),
  });
  const block = Buffer.alloc(512);
  header.encode(block, 0);
  return Buffer.concat([block, Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)]);
}

import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PYTHON, run, TOOLS } from './fixture/tool.ts';

/** Runs Python lines that have `tree`, `outside` and `swap`: it puts a link to `outside` in place of a folder. */
async function inTree(t: TestContext, ...lines: string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-tree-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const folder of ['src/data', 'outside']) mkdirSync(join(directory, folder), { recursive: true });
  writeFileSync(join(directory, 'src/data/file'), 'inside');
  writeFileSync(join(directory, 'outside/file'), 'secret');
  writeFileSync(join(directory, 'placed'), 'placed');
  symlinkSync('data/file', join(directory, 'src/link'));
  symlinkSync('../outside/file', join(directory, 'src/leaves'));
  const code = `import os, sys; sys.path.insert(0, ${JSON.stringify(TOOLS)})
import tree as module
root, outside, placed = (os.path.join(${JSON.stringify(directory)}, name) for name in ("src", "outside", "placed"))
tree = module.Tree(root)
def swap(name, to=outside):
    os.rename(os.path.join(root, name), os.path.join(root, "gone"))
    os.symlink(to, os.path.join(root, name))
def swap_after_resolving(name, to=outside):
    resolve = os.path.realpath
    def late(path):
        found = resolve(path)
        swap(name, to)
        os.path.realpath = resolve
        return found
    os.path.realpath = late
${lines.join('\n')}`;
  const { stdout, stderr } = await run(PYTHON, ['-BS', '-c', code]);
  return { directory, stdout, error: stderr.trimEnd().split('\n').at(-1) ?? '' };
}

test('files are read, by a link within the tree as well', async (t) => {
  const { stdout } = await inTree(t, 'for name in ("data/file", "link"): print(tree.open(name).read())');
  assert.equal(stdout, "b'inside'\nb'inside'\n");
});

const REFUSED: [string, string, RegExp][] = [
  [
    'a link that leaves the tree',
    'print(tree.open("leaves").read())',
    /^tree\.Outside: .*outside\/file lies outside/,
  ],
  [
    'a folder that has become a link',
    'swap("data"); print(tree.open("data/file").read())',
    /^tree\.Outside: /,
  ],
  [
    'a folder that becomes a link after the path was resolved',
    'swap_after_resolving("data"); print(tree.open("data/file").read())',
    /^NotADirectoryError: /,
  ],
  [
    'a file that becomes a link after its path was resolved',
    'swap_after_resolving("data/file", os.path.join(outside, "file")); print(tree.open("data/file").read())',
    /^OSError: .*Too many levels of symbolic links/,
  ],
  [
    'a pipe',
    'os.mkfifo(os.path.join(root, "pipe")); tree.open("pipe")',
    /^OSError: pipe is not a regular file$/,
  ],
  [
    'placing a file through a folder that becomes a link',
    'swap_after_resolving("data"); tree.move(placed, "data/file")',
    /^NotADirectoryError: /,
  ],
  [
    'dating a file through a folder that has become a link',
    'swap("data"); tree.date("data/file", 0)',
    /^NotADirectoryError: /,
  ],
  ['making a link outside', 'tree.link("../outside/x", "y")', /^tree\.Outside: /],
];
for (const [what, code, message] of REFUSED)
  test(`refused: ${what}`, async (t) => {
    const { directory, stdout, error } = await inTree(t, code);
    assert.equal(stdout, '');
    assert.match(error, message);
    assert.equal(readFileSync(join(directory, 'outside/file'), 'utf8'), 'secret');
    assert.deepEqual(readdirSync(join(directory, 'outside')), ['file']);
  });

test('a state is listed within the tree alone', async (t) => {
  const { stdout, error } = await inTree(
    t,
    'from snapshot import listing',
    'os.symlink("x", os.path.join(outside, "their-link"))',
    'print([sorted(names) for names in listing(root, ["data", "link", "missing"])])',
    'print([sorted(names) for names in listing(root, ["."])])',
    'swap("data")',
    'print([sorted(names) for names in listing(root, ["data/their-link", "data"])])',
  );
  assert.equal(error, '');
  assert.equal(stdout, "[['data/file'], ['link']]\n[['data/file'], ['leaves', 'link']]\n[[], ['data']]\n");
});

test('a file is placed in place of a link, and not written through it; folders are made', async (t) => {
  const { directory, error } = await inTree(
    t,
    'tree.move(placed, "leaves", mode=0o6755)',
    'print(oct(os.lstat(os.path.join(root, "leaves")).st_mode), file=sys.stderr)',
  );
  assert.equal(error, '0o100755');
  assert.equal(readFileSync(join(directory, 'src/leaves'), 'utf8'), 'placed');
  assert.equal(readFileSync(join(directory, 'outside/file'), 'utf8'), 'secret');
  const deeper = await inTree(t, 'tree.move(placed, "a/b/c")');
  assert.equal(readFileSync(join(deeper.directory, 'src/a/b/c'), 'utf8'), 'placed');
});

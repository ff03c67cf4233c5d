import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  createReadStream,
  linkSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { list } from 'tar';
import { findRepository } from '../../../cli/context/repository.ts';
import { buildPackage, type SourcePackage } from '../../../cli/source/package.ts';
import { loadConfig } from '../../../shared/config/load.ts';
import { InvalidError } from '../../../shared/errors.ts';
import { inspectPackage } from '../../../shared/intake/inspect-package.ts';
import { TestRepository } from '../support/repository.ts';

const FILES = {
  Makefile: 'all:\n\ttrue\n',
  'pipeline/step.py': 'pass\n',
  'run.sh': 'true\n',
  'vicinity.yaml': '',
};
const CONFIG = 'source:\n  inputs:\n    - inputs/places.csv\n    - inputs/more\n';

const folder = mkdtempSync(path.join(tmpdir(), 'vicinity-package-'));
after(() => rmSync(folder, { recursive: true }));

async function packageOf(repository: TestRepository, force = false): Promise<SourcePackage> {
  const found = findRepository(repository.directory);
  const { source } = loadConfig({ ...found.config, env: {} });
  return buildPackage({ repository: found, source, outputs: ['data/out'], folder, force });
}

async function entriesOf({ file }: SourcePackage): Promise<string[]> {
  const entries: string[] = [];
  await list({
    file,
    onReadEntry: ({ path: name, mode = 0 }) => void entries.push(`${mode.toString(8)} ${name}`),
  });
  return entries;
}

test('holds the manifest and the tracked files in byte order, with their executable bits', async () => {
  using repository = new TestRepository(FILES);
  chmodSync(path.join(repository.directory, 'run.sh'), 0o700);
  const built = await packageOf(repository);
  assert.deepEqual(await entriesOf(built), [
    '644 .vicinity/package.json',
    '644 Makefile',
    '644 pipeline/step.py',
    '755 run.sh',
    '644 vicinity.yaml',
  ]);
  assert.equal(built.files, 4);
});

test('files of one checkout have the same time, and none has an owner', async () => {
  using repository = new TestRepository(FILES);
  const facts = new Set<string>();
  await list({
    file: (await packageOf(repository)).file,
    onReadEntry: ({ mtime, uid, gid, uname }) =>
      void facts.add(`${mtime?.toISOString()} ${uid} ${gid} ${uname}`),
  });
  assert.deepEqual([...facts], ['1980-01-01T00:00:00.000Z undefined undefined ']);
});

test('is what start-run accepts, manifest and hash included', async () => {
  using repository = new TestRepository(FILES);
  const built = await packageOf(repository);
  const inspected = await inspectPackage(createReadStream(built.file), built.sha256, 'package');
  assert.deepEqual(inspected, { manifest: built.manifest });
  assert.deepEqual(built.manifest, {
    version: 1,
    commit: repository.git('rev-parse', 'HEAD').trim(),
    dirty: false,
    inputs: [],
  });
});

test('the same tree gives the same bytes, whatever the time, the umask and hard links', async () => {
  using repository = new TestRepository({ ...FILES, 'copy.py': 'pass\n' });
  const before = await packageOf(repository);
  const file = path.join(repository.directory, 'copy.py');
  rmSync(file);
  linkSync(path.join(repository.directory, 'pipeline/step.py'), file);
  chmodSync(file, 0o600);
  for (const name of [...Object.keys(FILES), 'copy.py']) {
    utimesSync(path.join(repository.directory, name), 1e9, 1e9);
  }
  const after = await packageOf(repository);
  assert.equal(after.sha256, before.sha256);
});

test('other content gives another hash, and a warning names the changed file', async () => {
  using repository = new TestRepository(FILES);
  const before = await packageOf(repository);
  repository.write('Makefile', 'all:\n\tfalse\n');
  const after = await packageOf(repository);
  assert.notEqual(after.sha256, before.sha256);
  assert.equal(after.manifest.dirty, true);
  assert.deepEqual(after.warnings, [
    '1 tracked file changed since the commit; packaged as in the work tree: Makefile',
  ]);
});

test('leaves out deleted and untracked files with a warning, and excluded ones without', async () => {
  const config = "source:\n  exclude: ['docs', ':(glob)**/*.ipynb']\n";
  const more = { 'docs/a.md': '', 'pipeline/b.ipynb': '', 'vicinity.yaml': config };
  using repository = new TestRepository({ ...FILES, ...more, '.gitignore': 'data/\n' });
  rmSync(path.join(repository.directory, 'run.sh'));
  repository.write('new/one.py', '');
  repository.write('data/ignored.csv', '');
  const built = await packageOf(repository);
  assert.deepEqual(await entriesOf(built), [
    '644 .vicinity/package.json',
    '644 .gitignore',
    '644 Makefile',
    '644 pipeline/step.py',
    '644 vicinity.yaml',
  ]);
  assert.deepEqual(built.warnings, [
    '1 tracked file deleted and left out: run.sh',
    '1 untracked file not packaged: git add what the run needs: new/',
  ]);
});

test('does not warn of results and outputs', async () => {
  using repository = new TestRepository(FILES);
  for (const file of ['data/categories_results/x/a', 'logs/remote_runs/x-serial.log', 'data/out/b']) {
    repository.write(file, '');
  }
  const { warnings } = await packageOf(repository);
  assert.deepEqual(warnings, []);
});

test('names many files by the first three', async () => {
  using repository = new TestRepository(FILES);
  for (const name of ['a', 'b', 'c', 'd', 'e']) repository.write(name, '');
  const { warnings } = await packageOf(repository);
  assert.deepEqual(warnings, [
    '5 untracked files not packaged: git add what the run needs: a, b, c and 2 more',
  ]);
});

test('leaves out the resource forks of macOS and an old manifest', async () => {
  const more = { '._Makefile': 'x', 'pipeline/._step.py': 'x', '.vicinity/package.json': '{}' };
  using repository = new TestRepository({ ...FILES, ...more });
  const entries = await entriesOf(await packageOf(repository));
  assert.deepEqual(
    entries.map((entry) => entry.slice(4)),
    ['.vicinity/package.json', 'Makefile', 'pipeline/step.py', 'run.sh', 'vicinity.yaml'],
  );
});

test('describes declared inputs, including those of a directory', async () => {
  using repository = new TestRepository({ ...FILES, 'vicinity.yaml': CONFIG, '.gitignore': 'inputs/\n' });
  repository.write('inputs/places.csv', 'a');
  repository.write('inputs/more/b/c.csv', 'b');
  repository.write('inputs/more/._d.csv', 'resource fork');
  const { manifest, warnings } = await packageOf(repository);
  assert.deepEqual(manifest.inputs, [
    {
      path: 'inputs/more/b/c.csv',
      sha256: '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d',
      bytes: 1,
    },
    {
      path: 'inputs/places.csv',
      sha256: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
      bytes: 1,
    },
  ]);
  assert.deepEqual(warnings, []);
});

test('refuses missing inputs, all at once, with their lines; --force leaves them out', async () => {
  using repository = new TestRepository({ ...FILES, 'vicinity.yaml': CONFIG });
  const issues = [
    `inputs/places.csv: is declared under source.inputs (vicinity.yaml:3), but is not in ${repository.directory}. ` +
      'Produce it or copy it there, or remove it from source.inputs. git ignores such files: a fresh clone lacks them.',
    `inputs/more: is declared under source.inputs (vicinity.yaml:4), but is not in ${repository.directory}. ` +
      'Produce it or copy it there, or remove it from source.inputs. git ignores such files: a fresh clone lacks them.',
  ];
  await assert.rejects(packageOf(repository), (error) => {
    assert.ok(error instanceof InvalidError);
    assert.equal(error.message, issues.join('\n'));
    return true;
  });
  const { warnings } = await packageOf(repository, true);
  assert.deepEqual(
    warnings,
    issues.map((issue) => `left out: ${issue}`),
  );
});

test('follows links in declared folders, not in circles; names that cannot travel are refused, and left out with --force', async () => {
  using repository = new TestRepository({ ...FILES, '.gitignore': 'in\n' });
  repository.write('vicinity.yaml', 'source: { inputs: [in] }\n');
  for (const file of ['in/données/a b', 'in/it;s', 'pipeline/shared/b']) repository.write(file, 'x');
  for (const [link, target] of [
    ['circle', '.'],
    ['dead', 'nowhere'],
    ['linked', '../pipeline/shared'],
  ] as const)
    symlinkSync(target, path.join(repository.directory, 'in', link));
  await assert.rejects(packageOf(repository), {
    name: 'InvalidError',
    message:
      'in/dead: is a link that leads nowhere. Make what it leads to, or remove the link.\n' +
      'in/it;s: has a character in its name that an input must not have. Rename it: letters, digits, spaces and . _ / @ + , = - are allowed.',
  });
  const { manifest } = await packageOf(repository, true);
  assert.deepEqual(
    manifest.inputs.map((input) => input.path),
    ['in/données/a b', 'in/linked/b'],
  );
});

test('keeps links inside the tree, and refuses those that lead out of it', async () => {
  using repository = new TestRepository(FILES);
  symlinkSync('../Makefile', path.join(repository.directory, 'pipeline/inside'));
  symlinkSync('nowhere-yet', path.join(repository.directory, 'pipeline/dangling'));
  repository.commit();
  const built = await packageOf(repository);
  assert.deepEqual(await inspectPackage(createReadStream(built.file), built.sha256, 'package'), {
    manifest: built.manifest,
  });
  symlinkSync('../../elsewhere', path.join(repository.directory, 'pipeline/outside'));
  symlinkSync('/etc/hosts', path.join(repository.directory, 'absolute'));
  repository.commit();
  const remedy =
    'outside the repository: the VM would not have it. ' +
    'Declare the file itself under source.inputs, or list the link under source.exclude.';
  await assert.rejects(packageOf(repository), {
    message: `absolute: is a link to /etc/hosts, ${remedy}\npipeline/outside: is a link to ../../elsewhere, ${remedy}`,
  });
});

test('packages the directory of vicinity.yaml, not what lies above it', async () => {
  using repository = new TestRepository({ 'above.txt': 'x', 'sub/Makefile': 'x', 'sub/vicinity.yaml': '' });
  repository.write('above.txt', 'changed');
  repository.write('sub/Makefile', 'changed');
  const found = findRepository(path.join(repository.directory, 'sub'));
  const source = { exclude: [], inputs: [] };
  const built = await buildPackage({ repository: found, source, outputs: [], folder, force: false });
  assert.deepEqual(await entriesOf(built), [
    '644 .vicinity/package.json',
    '644 Makefile',
    '644 vicinity.yaml',
  ]);
  assert.deepEqual(built.warnings, [
    '1 tracked file changed since the commit; packaged as in the work tree: Makefile',
  ]);
});

test('warns of large tracked files', async () => {
  using repository = new TestRepository({ ...FILES, 'large.pbf': '' });
  truncateSync(path.join(repository.directory, 'large.pbf'), 50_000_001);
  const { warnings } = await packageOf(repository);
  assert.deepEqual(warnings, [
    '1 tracked file changed since the commit; packaged as in the work tree: large.pbf',
    '1 tracked file large and travels with every change: better under source.inputs: large.pbf (50.0 MB)',
  ]);
});

test('packages a tree without a commit', async () => {
  using repository = new TestRepository(FILES);
  repository.git('update-ref', '-d', 'HEAD');
  const { manifest } = await packageOf(repository);
  assert.deepEqual(manifest, { version: 1, dirty: true, inputs: [] });
});

test('says what to do where there is no git repository', async () => {
  const options = {
    repository: { directory: folder },
    source: { exclude: [], inputs: [] },
    outputs: [],
    folder,
    force: false,
  };
  // Git's words differ where the folder is on a file system of its own.
  await assert.rejects(buildPackage(options), ({ message }: Error) => {
    assert.ok(message.startsWith(`${folder}: is not in a git work tree that git can read (fatal: `), message);
    assert.ok(
      message.endsWith(
        '). vicinity push packages what git tracks: run git init and git add there, or do what git says.',
      ),
      message,
    );
    return true;
  });
});

const IS_ROOT = process.getuid?.() === 0;

test('a work tree of another user is refused with the message of git, which says how to allow it', {
  skip: !IS_ROOT,
}, async () => {
  using repository = new TestRepository(FILES);
  chownSync(repository.directory, 65_534, 65_534);
  await assert.rejects(packageOf(repository), /detected dubious ownership in repository.*safe\.directory/s);
});

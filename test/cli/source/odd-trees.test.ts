import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  createReadStream,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, suite, test } from 'node:test';
import { caseCollisions, type TrackedFile } from '../../../cli/source/tracked.ts';
import { inspectPackage } from '../../../shared/intake/inspect-package.ts';
import { entriesOf, namesOf, PIPELINE, packageOf } from '../support/packages.ts';
import { TestRepository } from '../support/repository.ts';

const NAMES = Object.keys(PIPELINE);
const IDENTITY = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
/** Since CVE-2022-39253 git clones no submodule from a path unless it is told to. */
const LOCAL = ['-c', 'protocol.file.allow=always'];

suite('what no run could use is refused, also with --force', () => {
  const cases: [name: string, files: Record<string, string>, message: RegExp][] = [
    ['no Makefile', { 'vicinity.yaml': '' }, /: has no Makefile among its 1 packaged files\. Write one /],
    [
      'no vicinity.yaml',
      { Makefile: '' },
      /: has no vicinity\.yaml\. Write it with vicinity init, or name one with --config\.$/,
    ],
    [
      'everything excluded',
      { ...PIPELINE, 'vicinity.yaml': "source: { exclude: ['*'] }\n" },
      /: has no tracked file to package\. vicinity push packages what git tracks: run git add, and check source\.exclude\.$/,
    ],
  ];
  for (const [name, files, message] of cases) {
    test(name, async () => {
      using repository = new TestRepository(files);
      await assert.rejects(packageOf(repository.directory, { force: true }), {
        name: 'InvalidError',
        message,
      });
    });
  }
});

suite('the environment of git does not decide which repository is packaged', () => {
  const saved = new Set(Object.keys(process.env));
  const restore = () => {
    for (const name of Object.keys(process.env)) if (!saved.has(name)) delete process.env[name];
  };
  afterEach(restore);

  test('GIT_DIR, GIT_WORK_TREE and GIT_INDEX_FILE of another repository', async () => {
    using repository = new TestRepository(PIPELINE);
    using other = new TestRepository({ 'other.txt': 'x' });
    process.env.GIT_DIR = path.join(other.directory, '.git');
    process.env.GIT_WORK_TREE = other.directory;
    process.env.GIT_INDEX_FILE = path.join(other.directory, '.git/index');
    const built = await packageOf(repository.directory);
    restore();
    assert.deepEqual(await namesOf(built), NAMES);
    assert.equal(built.manifest.commit, repository.git('rev-parse', 'HEAD').trim());
  });

  test('variables that change how patterns are read', async () => {
    const config = "source: { exclude: [':(glob)**/*.md'] }\n";
    using repository = new TestRepository({ ...PIPELINE, 'docs/a.md': '', 'vicinity.yaml': config });
    process.env.GIT_LITERAL_PATHSPECS = '1';
    assert.deepEqual(await namesOf(await packageOf(repository.directory)), NAMES);
  });

  test('a hook of a linked worktree', async () => {
    using repository = new TestRepository({ 'proj/Makefile': 'all:\n', 'proj/vicinity.yaml': '', top: '' });
    const worktree = `${repository.directory}-worktree`;
    repository.git('worktree', 'add', '--quiet', '--detach', worktree);
    try {
      // What git exports to hooks there.
      process.env.GIT_DIR = path.join(repository.directory, '.git/worktrees', path.basename(worktree));
      process.env.GIT_INDEX_FILE = `${process.env.GIT_DIR}/index`;
      const built = await packageOf(path.join(worktree, 'proj'));
      assert.deepEqual(await namesOf(built), NAMES);
      assert.deepEqual(built.warnings, []);
    } finally {
      rmSync(worktree, { recursive: true });
    }
  });
});

suite('submodules and embedded repositories', () => {
  const problem =
    'is a submodule or another embedded repository that git has not checked out here as a submodule. ' +
    'Run git submodule update --init --recursive, or list it under source.exclude.';

  function withSubmodule(): { repository: TestRepository; library: TestRepository } {
    const library = new TestRepository({ 'lib.py': 'pass\n' });
    const repository = new TestRepository(PIPELINE);
    repository.git(...LOCAL, 'submodule', '--quiet', 'add', library.directory, 'lib');
    repository.commit();
    return { repository, library };
  }

  test('a checked-out submodule is packaged with its files', async () => {
    const { repository, library } = withSubmodule();
    using _library = library;
    using _repository = repository;
    const built = await packageOf(repository.directory);
    assert.deepEqual(await namesOf(built), ['.gitmodules', 'Makefile', 'lib/lib.py', 'vicinity.yaml']);
    assert.deepEqual(built.warnings, []);
  });

  test('a submodule that is not checked out is refused in a clone and in a linked worktree', async () => {
    const { repository, library } = withSubmodule();
    using _library = library;
    using _repository = repository;
    const clone = `${repository.directory}-clone`;
    const worktree = `${repository.directory}-worktree`;
    repository.git('clone', '--quiet', repository.directory, clone);
    repository.git('worktree', 'add', '--quiet', '--detach', worktree);
    try {
      for (const directory of [clone, worktree]) {
        await assert.rejects(packageOf(directory), { message: `lib: ${problem}` });
        const forced = await packageOf(directory, { force: true });
        assert.deepEqual(forced.warnings, [`left out: lib: ${problem}`]);
        writeFileSync(path.join(directory, 'vicinity.yaml'), 'source: { exclude: [lib] }\n');
        assert.deepEqual(await namesOf(await packageOf(directory)), ['.gitmodules', ...NAMES]);
      }
    } finally {
      rmSync(clone, { recursive: true });
      rmSync(worktree, { recursive: true });
    }
  });

  test('a repository that was added without being a submodule is refused by name', async () => {
    using repository = new TestRepository(PIPELINE);
    repository.write('vendor/x.py', '');
    repository.git('init', '--quiet', 'vendor');
    const inside = ['-C', path.join(repository.directory, 'vendor')];
    repository.git(...inside, 'add', '.');
    repository.git(...inside, ...IDENTITY, 'commit', '--quiet', '--message=1');
    repository.git('-c', 'advice.addEmbeddedRepo=false', 'add', 'vendor');
    await assert.rejects(packageOf(repository.directory), { message: `vendor: ${problem}` });
  });

  test('a repository that git does not track is named as untracked', async () => {
    using repository = new TestRepository(PIPELINE);
    repository.git('init', '--quiet', 'vendor');
    repository.write('vendor/x.py', '');
    const { warnings } = await packageOf(repository.directory);
    assert.deepEqual(warnings, ['1 untracked file not packaged: git add what the run needs: vendor/']);
  });
});

suite('names', () => {
  test('names with a drive letter, backslashes, a leading dash and line breaks are packaged as they are', async () => {
    const odd = ['-rf', 'C:/x', 'a:b.txt', 'in/c:d', 'n\nl', '\\lead.txt', '\\\\server\\share', 'é', '@x'];
    using repository = new TestRepository({
      ...PIPELINE,
      ...Object.fromEntries(odd.map((name) => [name, name])),
    });
    const built = await packageOf(repository.directory);
    assert.deepEqual((await namesOf(built)).sort(), [...NAMES, ...odd].sort());
    const inspected = await inspectPackage(createReadStream(built.file), built.sha256, 'package');
    assert.deepEqual(inspected, { manifest: built.manifest });
    const unpacked = mkdtempSync(path.join(tmpdir(), 'vicinity-unpacked-'));
    try {
      execFileSync('tar', ['-xzf', built.file, '-C', unpacked]);
      for (const name of odd)
        assert.equal(execFileSync('cat', ['--', path.join(unpacked, name)], { encoding: 'utf8' }), name);
    } finally {
      rmSync(unpacked, { recursive: true });
    }
  });

  test('a name that is not UTF-8 is refused by name, and left out with --force', {
    skip: process.platform === 'darwin' && 'skipped, because macOS has no such names',
  }, async () => {
    using repository = new TestRepository({ ...PIPELINE, 'in/ok.csv': 'x' });
    const name = Buffer.concat([
      Buffer.from(`${repository.directory}/in/caf`),
      Buffer.from([0xe9]),
      Buffer.from('.csv'),
    ]);
    writeFileSync(name, '1');
    repository.commit();
    const message =
      'in/caf\\xe9.csv: has a name that is not UTF-8, which neither the package nor the bucket can hold. ' +
      'Rename it (git mv), or list a pattern that matches it under source.exclude.';
    await assert.rejects(packageOf(repository.directory), { name: 'InvalidError', message });
    const forced = await packageOf(repository.directory, { force: true });
    assert.deepEqual(forced.warnings, [`left out: ${message}`]);
    writeFileSync(path.join(repository.directory, 'vicinity.yaml'), "source: { exclude: ['in/caf*'] }\n");
    assert.deepEqual(await namesOf(await packageOf(repository.directory)), [
      'Makefile',
      'in/ok.csv',
      'vicinity.yaml',
    ]);
  });

  test('files that are one file on a disk that ignores case are refused by name', () => {
    const file = (name: string, ino: number) =>
      ({ path: name, stat: { dev: 1, ino, nlink: 1 }, isExecutable: false }) as TrackedFile;
    const issues = caseCollisions([file('README.md', 7), file('a', 8), file('readme.md', 7)]);
    assert.deepEqual(issues, [
      {
        field: 'readme.md',
        problem:
          'and README.md are one file on this disk, which ignores case: the content of one of them is missing',
        remedy: 'Rename one of them (git mv), or push from a disk that respects case.',
      },
    ]);
    assert.deepEqual(caseCollisions([file('README.md', 7), file('readme.md', 9)]), []);
  });
});

suite('files that change while they are packaged are named', () => {
  const changes: [name: string, change: (file: string) => void][] = [
    ['grows', (file) => appendFileSync(file, 'x')],
    ['shrinks', (file) => truncateSync(file, 10)],
    ['vanishes', (file) => rmSync(file)],
    ['is written again with the same size', (file) => writeFileSync(file, Buffer.alloc(3_000_000, 'b'))],
  ];
  for (const [name, change] of changes) {
    test(`a tracked file that ${name}`, async () => {
      using repository = new TestRepository({ ...PIPELINE, 'run.trace': 'a'.repeat(3_000_000) });
      const onStart = () => {
        change(path.join(repository.directory, 'run.trace'));
        return () => {};
      };
      await assert.rejects(packageOf(repository.directory, { onStart }), {
        name: 'InvalidError',
        message:
          'run.trace: changed while it was packaged. Push again once nothing writes to it, or list it under source.exclude.',
      });
    });

    test(`an input that ${name}`, async () => {
      const config = { 'vicinity.yaml': 'source: { inputs: [in.csv] }\n', '.gitignore': 'in.csv\n' };
      using repository = new TestRepository({ ...PIPELINE, ...config });
      const file = path.join(repository.directory, 'in.csv');
      writeFileSync(file, 'a'.repeat(3_000_000));
      // After the first part was read.
      const onStart = () => {
        let isChanged = false;
        return () => {
          if (!isChanged) change(file);
          isChanged = true;
        };
      };
      await assert.rejects(packageOf(repository.directory, { onStart }), {
        name: 'InvalidError',
        message: 'in.csv: changed while it was packaged. Push again once nothing writes to it.',
      });
    });
  }
});

suite('what the VM lacks or gets in another form is named', () => {
  test('Git LFS pointers are refused', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`;
    using repository = new TestRepository({ ...PIPELINE, 'model.bin': pointer });
    const message =
      'model.bin: is a Git LFS pointer, not the file itself. Run git lfs pull, or list it under source.exclude.';
    await assert.rejects(packageOf(repository.directory), { message });
  });

  test('files outside a sparse checkout', async () => {
    using repository = new TestRepository({ ...PIPELINE, 'maps/a': '', 'maps/b': '', 'code/c': '' });
    repository.git('sparse-checkout', 'set', 'code');
    const built = await packageOf(repository.directory);
    assert.deepEqual(await namesOf(built), ['Makefile', 'code/c', 'vicinity.yaml']);
    assert.deepEqual(built.warnings, [
      '2 tracked files not packaged, because the sparse checkout leaves it out: git sparse-checkout add what the run needs: maps/a, maps/b',
    ]);
  });

  test('without executable bits on the disk, those of git count', async () => {
    using repository = new TestRepository({ ...PIPELINE, 'run.sh': '#!/bin/sh\n', 'data.csv': '' });
    repository.git('update-index', '--chmod=+x', 'run.sh');
    const modes = async () => {
      const entries = await entriesOf(await packageOf(repository.directory));
      return entries.map((entry) => `${entry.path} ${entry.mode}`);
    };
    assert.deepEqual(await modes(), ['Makefile 644', 'data.csv 644', 'run.sh 644', 'vicinity.yaml 644']);
    repository.git('config', 'core.fileMode', 'false');
    assert.deepEqual(await modes(), ['Makefile 644', 'data.csv 644', 'run.sh 755', 'vicinity.yaml 644']);
  });

  test('scripts and Makefiles with Windows line endings', async () => {
    const crlf = { 'a.sh': '#!/bin/sh\r\ntrue\r\n', 'rules.mk': 'x:\r\n', 'data.csv': 'a\r\n' };
    using repository = new TestRepository({ ...PIPELINE, ...crlf, 'b.sh': '#!/bin/sh\ntrue\n' });
    const { warnings } = await packageOf(repository.directory);
    assert.deepEqual(warnings, [
      '2 files with Windows line endings, which Linux does not run: set eol=lf for it in .gitattributes, and check it out again: a.sh, rules.mk',
    ]);
  });

  test('links that are plain files here, as on Windows', async () => {
    using repository = new TestRepository(PIPELINE);
    symlinkSync('Makefile', path.join(repository.directory, 'link'));
    repository.commit();
    repository.git('config', 'core.symlinks', 'false');
    rmSync(path.join(repository.directory, 'link'));
    repository.git('checkout', 'link');
    const { warnings } = await packageOf(repository.directory);
    assert.deepEqual(warnings, [
      '1 tracked link a plain file in the work tree, and packaged as one: set core.symlinks, and check it out again: link',
    ]);
  });

  test('links to what is not packaged; not to outputs, to what does not exist yet, and to folders of packaged files', async () => {
    using repository = new TestRepository({ ...PIPELINE, '.gitignore': 'ignored\ndata\n', 'code/a': '' });
    repository.write('ignored', '');
    repository.write('data/out/b', '');
    for (const [link, target] of [
      ['to-ignored', 'ignored'],
      ['to-code', 'code'],
      ['to-output', 'data/out/b'],
      ['to-nothing', 'nowhere'],
      ['to-here', '.'],
    ] as const)
      symlinkSync(target, path.join(repository.directory, link));
    repository.commit();
    const { warnings } = await packageOf(repository.directory);
    assert.deepEqual(warnings, [
      '1 tracked link to what is not packaged: git add the file, or declare it under source.inputs: to-ignored',
    ]);
  });

  test('a link through another link out of the repository is refused', async () => {
    using repository = new TestRepository({ ...PIPELINE, 'a/b/c': '' });
    symlinkSync('a/b', path.join(repository.directory, 'deep'));
    symlinkSync('deep/../../..', path.join(repository.directory, 'out'));
    repository.git('add', 'deep', 'out');
    await assert.rejects(packageOf(repository.directory), {
      message: /^out: is a link to deep\/\.\.\/\.\.\/\.\., outside the repository/,
    });
  });
});

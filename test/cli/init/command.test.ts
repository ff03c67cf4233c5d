import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { RUSTUP } from '../../../cli/init/languages.ts';
import { loadConfig } from '../../../shared/config/load.ts';
import { vicinity } from '../support/call.ts';
import { TestRepository } from '../support/repository.ts';

const MAKEFILE = `
PYTHON ?= python3
WORKERS ?= 8
STATES ?= massachusetts # one or more
CUTOFF ?= 90
export K_BEST

.PHONY: all minutes tiles clean native d_anchor_category categories_remote \\
  report

minutes: data/osm/massachusetts.pbf inputs/poi.parquet ## Travel times
\t$(PYTHON) -m pipeline minutes --out data/minutes/part.parquet
d_anchor_category: minutes ; @true
report: minutes
\t$(PYTHON) -m report > out/report.html
tiles: minutes
\t./tiles.sh data/minutes tiles
all: minutes tiles
native:
\tcargo build --release
clean:
\trm -rf data
%.o: %.c
\tcc $<
categories_remote:
\t./run_remote.sh
`;

const FILES = {
  Makefile: MAKEFILE,
  'requirements.txt': 'pandas\n',
  '.gitignore': 'inputs/\ndata/\n',
};

test('init proposes targets with outputs, variables, inputs and what must be installed', async () => {
  using repository = new TestRepository(FILES);
  repository.write('inputs/poi.parquet', 'x');
  const { code, stdout, stderr } = await vicinity(['init', '--dry-run'], { cwd: repository.directory });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const config = loadConfig({ text: stdout, env: {} });
  assert.equal(config.defaultTarget, 'all');
  assert.deepEqual(
    Object.entries(config.targets).map(([name, { outputs }]) => [name, ...outputs]),
    [
      ['all', 'data/minutes', 'tiles'],
      ['minutes', 'data/minutes'],
      ['d_anchor_category', 'data/minutes'],
      ['report', 'out/report.html'],
      ['tiles', 'tiles'],
    ],
  );
  assert.deepEqual(
    Object.entries(config.params).map(([name, { pattern }]) => [name, pattern]),
    [
      ['WORKERS', '[1-9][0-9]{0,3}'],
      ['STATES', '[A-Za-z0-9][A-Za-z0-9_.,/ -]{0,99}'],
      ['CUTOFF', '[1-9][0-9]{0,3}'],
      ['K_BEST', '[1-9][0-9]{0,3}'],
    ],
  );
  assert.deepEqual(config.source.inputs, ['inputs/poi.parquet']);
  assert.deepEqual(config.provision, {
    apt: ['make', 'python3', 'python3-venv', 'build-essential'],
    pythonRequirements: 'requirements.txt',
    rust: 'stable',
    rustup: RUSTUP,
    files: [],
    native: 'native',
  });
});

test('a file whose name YAML would read otherwise is named as it is', async () => {
  const names = ['inputs/a,b.csv', '@maps/all.pbf', '1.5'];
  using repository = new TestRepository({
    Makefile: `all: ${names.join(' ')}\n\tpython3 -m pipeline\n`,
    '.gitignore': 'inputs/\n@maps/\n1.5\n',
  });
  for (const name of names) repository.write(name, 'x');
  const { code, stdout, stderr } = await vicinity(['init', '--dry-run'], { cwd: repository.directory });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.deepEqual(loadConfig({ text: stdout, env: {} }).source.inputs, names);
});

test('it writes vicinity.yaml and vicinity.mk, says what it left out, and replaces nothing', async () => {
  using repository = new TestRepository(FILES);
  const cwd = repository.directory;
  const first = await vicinity(['init', '--project', 'my-project'], { cwd });
  assert.deepEqual([first.code, first.stdout], [0, '']);
  assert.equal(
    first.stderr,
    [
      'Wrote vicinity.yaml and vicinity.mk. The targets are all, minutes, d_anchor_category, report, tiles.',
      'Not proposed: native (is the native build, under provision).',
      'Not proposed: clean (removes files).',
      'Not proposed: categories_remote (starts a run from here).',
      'warning: data/osm/massachusetts.pbf is not here, but a target needs it. Fetch it, then list it under source.inputs.',
      'warning: inputs/poi.parquet is not here, but a target needs it. Fetch it, then list it under source.inputs.',
      './run_remote.sh drives the VM from this computer. The guide on migrating (docs/guide/migrating.md) says how to replace it.',
      'Next: read vicinity.yaml; add "include vicinity.mk" to the Makefile; git add vicinity.yaml vicinity.mk; then vicinity push and vicinity run --watch.',
      '',
    ].join('\n'),
  );
  const text = readFileSync(path.join(cwd, 'vicinity.yaml'), 'utf8');
  assert.match(text, /^project: my-project$/m);
  assert.match(readFileSync(path.join(cwd, 'vicinity.mk'), 'utf8'), /^pipeline_remote:/m);
  const again = await vicinity(['init'], { cwd });
  assert.equal(again.code, 2);
  assert.equal(
    again.stderr,
    'error: vicinity.yaml: exists already. Keep it, or replace it with --force.\n' +
      'vicinity.mk: exists already. Keep it, or replace it with --force.\n',
  );
  repository.write('vicinity.yaml', 'defaultTarget: [broken');
  assert.equal((await vicinity(['init', '--force'], { cwd })).code, 0);
  assert.equal(
    loadConfig({ text: readFileSync(path.join(cwd, 'vicinity.yaml'), 'utf8'), env: {} }).defaultTarget,
    'all',
  );
});

test('on a terminal it shows the proposal and asks; the answers are what it writes', async () => {
  using repository = new TestRepository({ Makefile: 'all: score\nscore:\n\tpython3 -m score\n' });
  const cwd = repository.directory;
  const { code, stdout, stderr } = await vicinity(['init'], {
    cwd,
    typed: [
      '',
      'us-east4-a',
      '',
      'My_Bucket',
      'gs://my-bucket',
      'nothing',
      'score',
      '../up',
      'out/a out/b',
      '',
      'y',
    ],
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /# A guess, since the recipe does not show what it writes/);
  assert.equal(
    stripVTControlCharacters(stderr).replaceAll('\r', '').split('\nWrote')[0],
    [
      'Google Cloud project [later]: ',
      'Google Cloud zone [later]: us-east4-a',
      'Google Cloud instance [later]: ',
      'Google Cloud bucket [later]: My_Bucket',
      'must be a bucket name',
      'Google Cloud bucket [later]: gs://my-bucket',
      'Default target [all]: nothing',
      'It is one of all, score.',
      'Default target [all]: score',
      'What all writes (files and folders) [data/all]: ../up',
      '../up is not a path below the repository.',
      'What all writes (files and folders) [data/all]: out/a out/b',
      'What score writes (files and folders) [data/score]: ',
      'Write vicinity.yaml and vicinity.mk? [y/N] y',
    ].join('\n'),
  );
  const config = loadConfig({ text: readFileSync(path.join(cwd, 'vicinity.yaml'), 'utf8'), env: {} });
  assert.deepEqual(
    [config.zone, config.bucket, config.defaultTarget, config.targets.all?.outputs],
    ['us-east4-a', 'my-bucket', 'score', ['out/a', 'out/b']],
  );
});

test('on a terminal, no leaves everything as it is, and --yes asks nothing', async () => {
  using repository = new TestRepository({ Makefile: 'all:\n\techo > out.txt\n' });
  const cwd = repository.directory;
  const refused = await vicinity(['init'], { cwd, typed: ['', '', '', '', '', 'n'] });
  assert.equal(refused.code, 0);
  assert.match(refused.stderr, /Nothing was written\.\n$/);
  assert.equal(existsSync(path.join(cwd, 'vicinity.yaml')), false);
  const taken = await vicinity(['init', '--yes'], { cwd, typed: [] });
  assert.equal(taken.code, 0);
  assert.equal(existsSync(path.join(cwd, 'vicinity.yaml')), true);
});

test('packages of pyproject.toml become a requirements file', async () => {
  using repository = new TestRepository({
    Makefile: 'all:\n\tpython3 -m job > out.txt\n',
    'pyproject.toml':
      '[build-system]\nrequires = ["maturin>=1"]\n[project]\nname = "job"\ndependencies = ["pandas>=2", "pyarrow"]\n',
  });
  const cwd = repository.directory;
  assert.equal((await vicinity(['init', '--yes'], { cwd })).code, 0);
  assert.equal(
    readFileSync(path.join(cwd, 'vicinity-requirements.txt'), 'utf8'),
    '# Written by vicinity init, from pyproject.toml.\npandas>=2\npyarrow\nmaturin>=1\n',
  );
});

test('a variable that names the project or the bucket is a key, if it is valid', async () => {
  using repository = new TestRepository({
    Makefile: 'PROJECT ?= demo\nBUCKET ?= gs://$(USER)-results\nZONE ?=\nall:\n\techo > out.txt\n',
  });
  const { stdout } = await vicinity(['init', '--dry-run'], {
    cwd: repository.directory,
    env: { PATH: process.env.PATH ?? '', USER: 'ada' },
  });
  const { project, bucket, params } = loadConfig({ text: stdout, env: {} });
  assert.deepEqual([project, bucket, params], ['vicinity-local', 'ada-results', {}]);
  assert.match(stdout, /^# Not proposed: PROJECT \(is no valid project: demo\)\.$/m);
});

test('a Makefile without a target for a request is refused with what it has', async () => {
  using repository = new TestRepository({ Makefile: 'clean:\n\trm -rf out\nhelp:\n\t@echo help\n' });
  const { code, stderr } = await vicinity(['init'], { cwd: repository.directory });
  assert.equal(code, 2);
  assert.equal(
    stderr,
    `error: ${repository.directory}/Makefile: has no target that looks like a step of a pipeline (clean removes files; help is a task for your own computer). ` +
      'Write vicinity.yaml by hand: docs/reference/configuration.md has its keys.\n',
  );
});

test('without a Makefile it says what to do', async () => {
  using repository = new TestRepository({ 'readme.txt': '' });
  const { code, stderr } = await vicinity(['init'], { cwd: repository.directory });
  assert.equal(code, 2);
  assert.equal(
    stderr,
    `error: ${repository.directory}: has no Makefile. Change to the folder of the pipeline, or write vicinity.yaml by hand.\n`,
  );
});

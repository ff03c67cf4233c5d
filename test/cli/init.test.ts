import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readMakefile } from '../../cli/init/makefile.ts';
import { loadConfig } from '../../shared/config/load.ts';
import { vicinity } from './support/call.ts';
import { TestRepository } from './support/repository.ts';

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

test('a Makefile is read without running make', () => {
  const { targets, variables } = readMakefile(MAKEFILE);
  const minutes = targets.find(({ name }) => name === 'minutes');
  assert.deepEqual(minutes, {
    name: 'minutes',
    prerequisites: ['data/osm/massachusetts.pbf', 'inputs/poi.parquet'],
    recipe: ['$(PYTHON) -m pipeline minutes --out data/minutes/part.parquet'],
    description: 'Travel times',
    isPhony: true,
  });
  assert.deepEqual(variables, [
    { name: 'PYTHON', value: 'python3' },
    { name: 'WORKERS', value: '8' },
    { name: 'STATES', value: 'massachusetts' },
    { name: 'CUTOFF', value: '90' },
    { name: 'K_BEST', value: '' },
  ]);
  assert.equal(
    targets.some(({ name }) => name.includes('%') || name === 'report:'),
    false,
  );
});

test('init proposes targets with outputs, variables, inputs and what must be installed', async () => {
  using repository = new TestRepository(FILES);
  repository.write('inputs/poi.parquet', 'x');
  const { code, stdout, stderr } = await vicinity(['init', '--dry-run'], { cwd: repository.directory });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const config = loadConfig({ text: stdout, env: {} });
  assert.equal(config.defaultTarget, 'd_anchor_category');
  assert.deepEqual(
    Object.entries(config.targets).map(([name, { outputs }]) => [name, ...outputs]),
    [
      ['minutes', 'data/minutes'],
      ['d_anchor_category', 'data/d_anchor_category'],
      ['report', 'out/report.html'],
      ['tiles', 'data/minutes', 'tiles'],
      ['all', 'data/anchors', 'data/minutes', 'tiles', 'data/d_anchor_category', 'data/d_anchor_brand'],
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
    apt: ['make', 'python3', 'python3-venv'],
    pythonRequirements: 'requirements.txt',
    rust: 'stable',
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

test('it writes vicinity.yaml and vicinity.mk, and nothing over what is there', async () => {
  using repository = new TestRepository(FILES);
  const cwd = repository.directory;
  const first = await vicinity(['init', '--project', 'my-project'], { cwd });
  assert.deepEqual([first.code, first.stdout], [0, '']);
  assert.match(
    first.stderr,
    /^Wrote vicinity\.yaml with the targets minutes, .*, and vicinity\.mk\.\nNext: /,
  );
  const text = readFileSync(path.join(cwd, 'vicinity.yaml'), 'utf8');
  assert.match(text, /^project: my-project$/m);
  assert.match(readFileSync(path.join(cwd, 'vicinity.mk'), 'utf8'), /^pipeline_remote:/m);
  const again = await vicinity(['init'], { cwd });
  assert.equal(again.code, 2);
  assert.equal(
    again.stderr,
    'error: vicinity.yaml: is there already. Keep it, or replace it with --force.\n' +
      'vicinity.mk: is there already. Keep it, or replace it with --force.\n',
  );
  assert.equal((await vicinity(['init', '--force'], { cwd })).code, 0);
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

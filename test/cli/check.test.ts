import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ManualClock } from '../fakes/manual-clock.ts';
import { vicinity } from './support/call.ts';
import { TestRepository } from './support/repository.ts';

const GOOD = {
  Makefile:
    'WORKERS ?= 4\nall: minutes\nminutes: in.csv\n\tpython3 -m minutes > out.csv\nyear-%:\n\techo $* > $@\nnative:\n\tcargo build\n',
  'vicinity.yaml': [
    'defaultTarget: all',
    'targets:',
    '  all: { outputs: [out.csv] }',
    '  year-2024: { outputs: [year-2024] }',
    'params:',
    '  WORKERS: { pattern: "[1-9][0-9]?" }',
    'schedules:',
    '  weekly: { cron: "0 3 * * 1", timeZone: America/New_York, params: { WORKERS: "8" } }',
    'source: { inputs: [in.csv] }',
    'provision: { pythonRequirements: requirements.txt, native: native }',
  ].join('\n'),
  'requirements.txt': 'pandas\n',
  '.gitignore': '*.csv\n',
};
const clock = new ManualClock('2026-12-01T12:00:00Z');

const check = (repository: TestRepository, ...args: string[]) =>
  vicinity(['check', ...args], { cwd: repository.directory, clock, env: { PATH: process.env.PATH ?? '' } });

test('a pipeline that is fine: exit code 0, without the cloud', async () => {
  using repository = new TestRepository(GOOD);
  repository.write('in.csv', 'a\n');
  const { code, stdout, stderr } = await check(repository);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(
    stdout.replace(/\d+ bytes/, '500 bytes'),
    [
      'Configuration  vicinity.yaml',
      'Makefile       Makefile: all, year-2024',
      'Package        4 files, 1 input, 500 bytes',
      'Schedules      weekly: 0 3 * * 1 America/New_York, next 2026-12-07 08:00:00 UTC',
      'Result         fine',
      '',
    ].join('\n'),
  );
});

test('everything that is wrong is said at once, with exit code 2', async () => {
  using repository = new TestRepository({
    Makefile: 'include rules.mk\noverride WORKERS = 4\nall: ;\n',
    'vicinity.yaml': [
      'defaultTarget: all',
      'targets:',
      '  all: {}',
      '  minute: {}',
      'params:',
      '  WORKERS: { pattern: "[1-9]", default: "10" }',
      'machineTypes: [c4d-highcpu-32]',
      'schedules:',
      '  weekly: { cron: "0 3 * * 1", machineType: c4d-highcpu-96 }',
      'source: { inputs: [missing.csv, Makefile] }',
      'provision: { pythonRequirements: requirements.txt, native: nativ, script: setup.sh }',
    ].join('\n'),
  });
  repository.write('rules.mk', 'minutes:\n\techo\n');
  const { code, stderr, stdout } = await check(repository);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    [
      'error: targets.minute: Makefile has no target minute. Did you mean minutes?',
      'error: provision.native: Makefile has no target nativ. Add the target to the Makefile, or remove it from vicinity.yaml.',
      'error: targets.all: params.WORKERS: "10" does not match its pattern [1-9]. Correct the value, or the pattern in vicinity.yaml.',
      'error: schedules.weekly: machineType: c4d-highcpu-96 is not one of the allowed machine types. Did you mean c4d-highcpu-32?',
      `error: missing.csv: is declared under source.inputs (vicinity.yaml:10), but is not in ${repository.directory}. Produce it or copy it there, or remove it from source.inputs. git ignores such files: a fresh clone lacks them.`,
      'error: rules.mk: is not tracked by git, so the VM would lack it. Run git add rules.mk.',
      'error: requirements.txt: is not tracked by git, so the VM would lack it. Run git add requirements.txt.',
      'error: setup.sh: is not tracked by git, so the VM would lack it. Run git add setup.sh.',
      'warning: params.WORKERS: has no effect, because the Makefile overrides it. Write "WORKERS ?=" there instead of "override WORKERS", or remove the parameter.',
      'warning: Makefile: is declared under source.inputs, but git tracks it: it travels twice. Remove it from source.inputs, or from git.',
      'warning: package: 1 untracked file not packaged: git add what the run needs: rules.mk. Leave it if it is meant.',
      '',
    ].join('\n'),
  );
  assert.match(stdout, /^Result +8 errors, 3 warnings$/m);
});

test('a configuration that cannot be read is a finding of its own', async () => {
  using repository = new TestRepository({
    ...GOOD,
    'vicinity.yaml': 'targets: { all: {} }\nschedules: { a: { cron: "0 3 L * *" } }\n',
  });
  const { code, stdout } = await check(repository, '--json');
  assert.equal(code, 2);
  const { ok, findings } = JSON.parse(stdout);
  assert.equal(ok, false);
  assert.deepEqual(
    findings.map(({ level, field }: { level: string; field: string }) => [level, field]),
    [
      ['error', 'vicinity.yaml:1 defaultTarget'],
      ['error', 'vicinity.yaml:2 schedules.a.cron'],
    ],
  );
});

test('without vicinity.yaml, a Makefile or git it says so', async () => {
  using empty = new TestRepository({ README: '' });
  const none = await check(empty);
  assert.deepEqual(
    [none.code, none.stderr],
    [2, `error: ${empty.directory}: has no vicinity.yaml. Run vicinity init, which proposes one.\n`],
  );
  empty.write('vicinity.yaml', 'defaultTarget: all\ntargets: { all: {} }\n');
  empty.commit();
  const noMakefile = await check(empty);
  assert.deepEqual(
    [noMakefile.code, noMakefile.stderr],
    [
      2,
      `error: ${empty.directory}: has no Makefile. The VM runs a make target: write a Makefile beside vicinity.yaml.\n`,
    ],
  );
});

test('a Makefile that make stops at is a warning, with the words of make', async () => {
  using repository = new TestRepository({
    Makefile: 'ifndef STATES\n$(error Set STATES)\nendif\nall:\n\techo\n',
    'vicinity.yaml': 'defaultTarget: all\ntargets: { all: {}, other: {} }\n',
  });
  const { code, stderr } = await check(repository);
  assert.equal(code, 0);
  assert.match(stderr, /^warning: targets\.other: Makefile has no target other\./m);
});

test('the example pipeline passes', async () => {
  using repository = new TestRepository({ README: '' });
  cpSync(path.join(import.meta.dirname, '../../examples/vicinity'), repository.directory, {
    recursive: true,
    filter: (file) => !/\/(?:data|build|inputs|\.vicinity-local|tiles\/\d+)$/.test(file),
  });
  repository.commit();
  repository.write('inputs/places.csv', 'x\n');
  const { code, stderr } = await check(repository);
  assert.deepEqual([code, stderr.replaceAll(/^.*vicinity\.mk.*\n/gm, '')], [0, '']);
});

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../../shared/config/load.ts';
import { vicinity } from '../support/call.ts';
import { TestRepository } from '../support/repository.ts';

/** Makefiles that init once read wrongly; each with the targets, their outputs, and the parameters that are right. */

const FOLDER = path.join(import.meta.dirname, '../../fixtures/init-cases');

interface Case {
  defaultTarget: string;
  targets: Record<string, string[]>;
  params: string[];
}

const CASES: Record<string, Case> = {
  'define.mk': {
    defaultTarget: 'all',
    targets: {
      all: ['data/model.bin', 'data/eval.csv'],
      train: ['data/model.bin'],
      eval: ['data/eval.csv'],
    },
    params: [],
  },
  'all.mk': {
    defaultTarget: 'all',
    targets: { all: ['results/model'], model: ['results/model'] },
    params: [],
  },
  'crlf.mk': {
    defaultTarget: 'all',
    targets: { all: ['data/tiles'], tiles: ['data/tiles'] },
    params: ['WORKERS', 'STATES'],
  },
  'bom.mk': { defaultTarget: 'all', targets: { all: ['data/x'] }, params: [] },
  'runid.mk': { defaultTarget: 'all', targets: { all: ['data/out.csv'] }, params: [] },
  'year.mk': {
    defaultTarget: '2024',
    targets: { 2024: ['data/2024'], 2025: ['data/2025'] },
    params: [],
  },
  'many.mk': {
    defaultTarget: 'all',
    targets: {
      all: ['data/t1', 'data/t2'],
      ...Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`t${at + 1}`, [`data/t${at + 1}`]])),
    },
    params: [],
  },
};

// Without make on the PATH, the parser reads the Makefile.
for (const PATH of [process.env.PATH ?? '', path.join(FOLDER, 'no-programs')]) {
  for (const [name, expected] of Object.entries(CASES)) {
    test(`${name}, ${PATH === process.env.PATH ? "with this computer's programs" : 'without make'}`, async () => {
      using repository = new TestRepository({ README: '' });
      copyFileSync(path.join(FOLDER, name), path.join(repository.directory, 'Makefile'));
      repository.commit();
      const { code, stdout, stderr } = await vicinity(['init', '--dry-run'], {
        cwd: repository.directory,
        env: { PATH },
      });
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const config = loadConfig({ text: stdout, env: {} });
      const targets = Object.entries(config.targets).map(([target, { outputs }]) => [target, outputs]);
      assert.deepEqual(
        {
          defaultTarget: config.defaultTarget,
          targets: Object.fromEntries(targets),
          params: Object.keys(config.params),
        },
        expected,
      );
    });
  }
}

test('all is the first of the targets', async () => {
  using repository = new TestRepository({ Makefile: readFileSync(path.join(FOLDER, 'many.mk'), 'utf8') });
  const { stdout } = await vicinity(['init', '--dry-run', '--json'], { cwd: repository.directory });
  const { targets } = JSON.parse(stdout);
  assert.equal(targets[0].name, 'all');
  assert.equal(targets.length, 15);
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findPipeline } from '../../sandbox/pipeline.ts';
import { existingStateDir, newStateDir } from '../../sandbox/state-dir.ts';

const top = mkdtempSync(join(tmpdir(), 'pipeline-'));
after(() => rmSync(top, { recursive: true }));

function folder(path: string, files: Record<string, string> = {}): string {
  const made = join(top, path);
  mkdirSync(made, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
  return made;
}

const example = folder('example', { 'vicinity.yaml': 'defaultTarget: all\n' });

test('finds the configured pipeline above, but not above the repository', () => {
  folder('.', { 'vicinity.yaml': 'targts: {}\n' });
  const root = folder('configured', { 'vicinity.yaml': 'project: real-project\nbucket: real-bucket\n' });
  folder('configured/.git');
  const pipeline = findPipeline({ cwd: folder('configured/a/b'), example });
  assert.equal(pipeline.root, root);
  assert.equal(pipeline.because, join(root, 'vicinity.yaml'));
});

test('uses the local names, whatever the file says', () => {
  const { config } = findPipeline({ cwd: folder('configured'), example });
  const { project, bucket, instance, zone } = config;
  assert.deepEqual(
    [project, bucket, instance, zone],
    ['vicinity-local', 'vicinity-local', 'vicinity-batch', 'us-east4-c'],
  );
});

test('serves a repository with a Makefile by default', () => {
  const cwd = folder('plain', { Makefile: 'all:\n' });
  folder('plain/.git');
  const { root, config, because } = findPipeline({ cwd, example });
  assert.deepEqual([root, config.defaultTarget], [cwd, 'd_anchor_category']);
  assert.equal(because, `${cwd} has a Makefile and no vicinity.yaml`);
});

test('serves the example elsewhere, and says so', () => {
  const cwd = folder('nothing');
  folder('nothing/.git');
  const { root, config, because } = findPipeline({ cwd, example });
  assert.deepEqual([root, config.defaultTarget], [example, 'all']);
  assert.equal(because, `there is no pipeline in ${cwd}, so the bundled example is served`);
});

test('takes the file that is named, and says what is wrong with it', () => {
  const cwd = folder('nothing');
  assert.equal(findPipeline({ cwd, example, configFile: '../example/vicinity.yaml' }).root, example);
  assert.throws(() => findPipeline({ cwd, example, configFile: 'none.yaml' }), {
    name: 'InvalidError',
    message: `--config: ${cwd}/none.yaml does not exist. Give the path of a vicinity.yaml, or leave --config out.`,
  });
  assert.throws(() => findPipeline({ cwd, example, configFile: '.' }), {
    message: `--config: ${cwd} is a folder. Give the path of a vicinity.yaml, or leave --config out.`,
  });
  assert.throws(() => findPipeline({ cwd, example, configFile: '../vicinity.yaml' }), {
    message: `${top}/vicinity.yaml:1 targts: is not a setting. Did you mean targets?`,
  });
});

test('the state is at the top of the repository, and found from below', () => {
  const cwd = folder('configured/a/b');
  assert.equal(newStateDir(cwd), join(top, 'configured', '.vicinity-local'));
  assert.equal(existingStateDir(cwd), join(top, 'configured', '.vicinity-local'));
  const nearer = folder('configured/a/.vicinity-local');
  assert.equal(existingStateDir(cwd), nearer);
});

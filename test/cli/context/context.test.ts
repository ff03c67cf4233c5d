import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { openContext } from '../../../cli/context/context.ts';
import { recordedHost, vicinity } from '../support/call.ts';
import { TestRepository } from '../support/repository.ts';

function configOf(cwd: string, options: object = {}, env: Record<string, string> = {}) {
  return openContext(recordedHost({ cwd, env }).host, options);
}

test('finds vicinity.yaml above the working directory, but not above the repository', () => {
  using repository = new TestRepository({ 'vicinity.yaml': 'bucket: outer-bucket\n', 'sub/deep/x': '' });
  const deep = path.join(repository.directory, 'sub/deep');
  const found = configOf(deep);
  assert.equal(found.config.bucket, 'outer-bucket');
  assert.equal(found.repository.directory, repository.directory);

  repository.write('sub/.git', 'gitdir: elsewhere\n');
  const inner = configOf(deep);
  assert.equal(inner.config.bucket, 'vicinity-local');
  assert.equal(inner.repository.directory, path.join(repository.directory, 'sub'));
});

test('a flag comes before the environment, the environment before the file', () => {
  using repository = new TestRepository({ 'vicinity.yaml': 'bucket: from-file\nzone: us-east4-a\n' });
  const env = { VICINITY_BUCKET: 'from-env', VICINITY_ZONE: 'us-east4-b' };
  const { config } = configOf(repository.directory, { bucket: 'from-flag' }, env);
  assert.equal(config.bucket, 'from-flag');
  assert.equal(config.zone, 'us-east4-b');
});

test('--config names a file, whose directory is the repository', () => {
  using repository = new TestRepository({ 'other/my.yaml': 'bucket: named-bucket\n' });
  const { config, repository: found } = configOf(repository.directory, { config: 'other/my.yaml' });
  assert.equal(config.bucket, 'named-bucket');
  assert.equal(found.directory, path.join(repository.directory, 'other'));
});

test('faults of the configuration are told all at once, with their lines', async () => {
  using repository = new TestRepository({ 'vicinity.yaml': 'buckt: x\nzone: here\n' });
  const { code, stderr } = await vicinity(['status'], { cwd: repository.directory });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: vicinity\.yaml:1 buckt: is not a setting\. Did you mean bucket\?\nvicinity\.yaml:2 zone: must be a zone such as us-east4-c\. .*\n$/,
  );
});

for (const [name, problem] of [
  ['none.yaml', 'does not exist'],
  ['.', 'is a folder'],
]) {
  test(`a configuration file that is named must be there: ${name}`, async () => {
    const { code, stderr } = await vicinity(['status', '--config', `${name}`]);
    assert.deepEqual(
      { code, stderr },
      {
        code: 2,
        stderr: `error: ${name}: ${problem}. Correct --config, or leave it out to find vicinity.yaml.\n`,
      },
    );
  });
}

for (const text of ['127.0.0.1:8792', 'localhost:8792', 'junk']) {
  test(`an endpoint that is not a URL is told by its variable: ${text}`, async () => {
    const { code, stderr } = await vicinity(['status'], { env: { VICINITY_COMPUTE_ENDPOINT: text } });
    assert.deepEqual(
      { code, stderr },
      {
        code: 2,
        stderr: `error: VICINITY_COMPUTE_ENDPOINT: is not a URL: ${text}. Write it with its scheme, such as http://127.0.0.1:8790.\n`,
      },
    );
  });
}

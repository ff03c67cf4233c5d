import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { withoutProgram } from '../support/without-program.ts';
import { BUCKET, type Cloud, startCloud, temporaryDirectory } from './cloud.ts';

const skipGcloud = withoutProgram('gcloud');
const skipGsutil = withoutProgram('gsutil');
const ROOT = `gs://${BUCKET}`;

/** Runs the real command lines against the local Storage, and against nothing else: any other host is refused. */
function commandLine(t: TestContext, cloud: Cloud) {
  const directory = temporaryDirectory(t);
  const boto = join(directory, 'boto');
  writeFileSync(boto, '[GSUtil]\nuse_gcloud_storage=True\n');
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    CLOUDSDK_CONFIG: join(directory, 'gcloud'),
    CLOUDSDK_CORE_PROJECT: 'test-project',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${cloud.url}/storage/v1/`,
    BOTO_CONFIG: boto,
    HTTPS_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '127.0.0.1,localhost',
  };
  const run = async (command: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(command, args, { cwd: directory, env, timeout: 60_000 });
    return stdout;
  };
  return { directory, gcloud: (...args: string[]) => run('gcloud', 'storage', ...args), run };
}

function makeTree(directory: string): void {
  mkdirSync(join(directory, 'tree/sub'), { recursive: true });
  writeFileSync(join(directory, 'tree/a.txt'), 'hello\n');
  writeFileSync(join(directory, 'tree/empty'), '');
  writeFileSync(join(directory, 'tree/sub/b c.bin'), randomBytes(9_000_000));
}

test('gcloud storage copies, lists, shows, moves and removes', { skip: skipGcloud }, async (t) => {
  const cloud = await startCloud(t);
  const { directory, gcloud } = commandLine(t, cloud);
  makeTree(directory);
  await gcloud('cp', 'tree/a.txt', `${ROOT}/one/a.txt`);
  assert.equal(await gcloud('cat', `${ROOT}/one/a.txt`), 'hello\n');
  await gcloud('mv', `${ROOT}/one/a.txt`, `${ROOT}/two/a.txt`);
  await gcloud('cp', '-r', 'tree', `${ROOT}/`);
  assert.equal(await gcloud('ls', `${ROOT}/`), `${ROOT}/tree/\n${ROOT}/two/\n`);
  const recursive = await gcloud('ls', '-r', `${ROOT}/tree/**`);
  assert.equal(recursive, ['a.txt', 'empty', 'sub/b c.bin'].map((name) => `${ROOT}/tree/${name}\n`).join(''));
  await gcloud('cp', '-r', `${ROOT}/tree/sub`, '.');
  assert.deepEqual(
    readFileSync(join(directory, 'sub/b c.bin')),
    readFileSync(join(directory, 'tree/sub/b c.bin')),
  );
  await assert.rejects(gcloud('cp', 'tree/a.txt', `${ROOT}/two/a.txt`, '--if-generation-match=0'), {
    message: /At least one of the pre-conditions you specified did not hold\./,
  });
  await gcloud('rm', '-r', `${ROOT}/tree`);
  assert.equal(await gcloud('ls', `${ROOT}/**`), `${ROOT}/two/a.txt\n`);
});

test('gcloud storage rsync brings both sides to the same', { skip: skipGcloud }, async (t) => {
  const cloud = await startCloud(t);
  const { directory, gcloud } = commandLine(t, cloud);
  makeTree(directory);
  await cloud.put('tree/stale', 'x');
  await gcloud('rsync', '-r', '--delete-unmatched-destination-objects', 'tree', `${ROOT}/tree`);
  const names = (await cloud.call('GET', `/b/${BUCKET}/o`)).json.items.map(
    (item: { name: string }) => item.name,
  );
  assert.deepEqual(names, ['tree/a.txt', 'tree/empty', 'tree/sub/b c.bin']);
});

test('gcloud storage makes, describes, lists and removes buckets', { skip: skipGcloud }, async (t) => {
  const { gcloud } = commandLine(t, await startCloud(t));
  await gcloud('buckets', 'create', 'gs://made-by-gcloud', '--location=us-east4');
  const format = '--format=value(name,location)';
  assert.equal(
    await gcloud('buckets', 'describe', 'gs://made-by-gcloud', format),
    'made-by-gcloud\tUS-EAST4\n',
  );
  assert.equal(await gcloud('buckets', 'list', '--format=value(name)'), `made-by-gcloud\n${BUCKET}\n`);
  await gcloud('rm', '-r', 'gs://made-by-gcloud');
  assert.equal(await gcloud('buckets', 'list', '--format=value(name)'), `${BUCKET}\n`);
});

test('gsutil copies and lists', { skip: skipGsutil }, async (t) => {
  const { directory, run } = commandLine(t, await startCloud(t));
  makeTree(directory);
  await run('gsutil', '-m', 'cp', '-r', 'tree', `${ROOT}/`);
  assert.equal(await run('gsutil', 'ls', `${ROOT}/tree/sub/`), `${ROOT}/tree/sub/b c.bin\n`);
});

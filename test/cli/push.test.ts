import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { recordDeployedConfig } from '../../shared/config/deployed.ts';
import { loadConfig } from '../../shared/config/load.ts';
import { inputName, LATEST_PACKAGE, packageName } from '../../shared/model/layout.ts';
import { startBucket } from './support/bucket.ts';
import { vicinity } from './support/call.ts';
import { TestRepository } from './support/repository.ts';

const CONFIG = 'source:\n  inputs: [inputs/places.csv]\n';
const INPUT_SHA256 = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';

const bucket = await startBucket();

function pipeline(): TestRepository {
  const repository = new TestRepository({
    Makefile: 'all:\n',
    'vicinity.yaml': CONFIG,
    '.gitignore': 'inputs\n',
  });
  repository.write('inputs/places.csv', 'a');
  return repository;
}

test('uploads the package and its inputs once, and makes it the latest', async () => {
  using repository = pipeline();
  const first = await vicinity(['push', '--json'], { cwd: repository.directory });
  assert.equal(first.code, 0, first.stderr);
  const pushed = JSON.parse(first.stdout);
  const commit = repository.git('rev-parse', 'HEAD').trim();
  const inputs = [{ path: 'inputs/places.csv', sha256: INPUT_SHA256, bytes: 1 }];
  assert.deepEqual(pushed, {
    sha256: pushed.sha256,
    package: `gs://vicinity-local/src/${pushed.sha256}.tar.gz`,
    bytes: (await bucket.objects.stat(packageName(pushed.sha256)))?.bytes,
    files: 3,
    commit,
    dirty: false,
    uploaded: true,
    inputs: [{ ...inputs[0], uploaded: true }],
    warnings: [],
    dryRun: false,
  });
  assert.equal((await bucket.objects.read(inputName(INPUT_SHA256)))?.text, 'a');
  const { pushedAt, ...latest } = JSON.parse((await bucket.objects.read(LATEST_PACKAGE))?.text ?? '');
  assert.ok(Date.parse(pushedAt));
  assert.deepEqual(latest, { sha256: pushed.sha256, commit, dirty: false, bytes: pushed.bytes, inputs });

  const second = await vicinity(['push'], { cwd: repository.directory });
  assert.deepEqual(second, {
    code: 0,
    stdout: `Package  ${pushed.sha256}
Size     ${pushed.bytes} bytes, 3 files, already present
Source   commit ${commit.slice(0, 12)}
Inputs   inputs/places.csv: 1 bytes, already present
Next     vicinity run
`,
    stderr: '',
  });
});

test('a directory may hold more inputs than a process may have open files', async () => {
  using repository = new TestRepository({
    Makefile: 'all:\n',
    'vicinity.yaml': 'source:\n  inputs: [tiles]\n',
    '.gitignore': 'tiles\n',
  });
  for (let tile = 0; tile < 300; tile += 1) repository.write(`tiles/${tile}`, `${tile}`);
  const command = path.join(import.meta.dirname, '../../cli/main.ts');
  const limited = `ulimit -n 128 && exec "${process.execPath}" "${command}" push --dry-run --json`;
  const child = spawn('bash', ['-c', limited], {
    cwd: repository.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.equal(stderr, '');
  assert.equal(JSON.parse(stdout).inputs.length, 300);
});

test('a dry run uploads nothing', async () => {
  using repository = new TestRepository({ Makefile: 'dry:\n', 'vicinity.yaml': '' });
  const { stdout, code } = await vicinity(['push', '-n', '--json'], { cwd: repository.directory });
  const { sha256, uploaded, dryRun } = JSON.parse(stdout);
  assert.deepEqual({ code, uploaded, dryRun }, { code: 0, uploaded: false, dryRun: true });
  assert.equal(await bucket.objects.stat(packageName(sha256)), undefined);
  const { stdout: text } = await vicinity(['push', '--dry-run'], { cwd: repository.directory });
  assert.match(text, /2 files, would be uploaded$/m);
});

test('refuses what the VM would lack, before it uploads anything', async () => {
  using repository = new TestRepository({ Makefile: 'x', 'vicinity.yaml': CONFIG });
  bucket.calls.length = 0;
  const { code, stdout, stderr } = await vicinity(['push'], { cwd: repository.directory });
  assert.deepEqual({ code, stdout, calls: bucket.calls }, { code: 2, stdout: '', calls: [] });
  assert.equal(
    stderr,
    `error: inputs/places.csv: is declared under source.inputs (vicinity.yaml:2), but is not in ${repository.directory}. ` +
      'Produce it or copy it there, or remove it from source.inputs. git ignores such files: a fresh clone lacks them.\n',
  );
});

test('several pushes of the same tree at the same time all succeed, also after a transient error', async () => {
  using repository = pipeline();
  repository.write('Makefile', 'all: again\n');
  bucket.faults.add({ operation: 'storage.objects.insert', kind: 'error', status: 503, times: 1 });
  const calls = await Promise.all(
    [1, 2, 3].map(() => vicinity(['push', '--json'], { cwd: repository.directory })),
  );
  assert.deepEqual(
    calls.map(({ code }) => code),
    [0, 0, 0],
    calls.map(({ stderr }) => stderr).join(),
  );
  assert.equal(new Set(calls.map(({ stdout }) => JSON.parse(stdout).sha256)).size, 1);
});

test('packages and uploads with a progress bar on a terminal only', async () => {
  using repository = pipeline();
  repository.write('inputs/places.csv', 'x'.repeat(9_000_000));
  const { code, stderr } = await vicinity(['push'], { cwd: repository.directory, isTerminal: true });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /packaging [█░]{24} {1,3}\d+ % {2}[\d.]+ [KM]B of 9\.0 MB, /);
  assert.match(stderr, /uploading [█░]{24} {1,3}\d+ % {2}[\d.]+ [KM]B of 9\.0 MB, /);
  const { stdout } = await vicinity(['push'], {
    cwd: repository.directory,
    isTerminal: true,
    env: { NO_COLOR: '1' },
  });
  assert.match(stdout, /^Inputs {3}inputs\/places\.csv: 9\.0 MB, already present$/m);
});

test('a bucket that does not exist is not found', async () => {
  using repository = pipeline();
  const { code, stderr } = await vicinity(['push', '--bucket', 'no-such-bucket'], {
    cwd: repository.directory,
  });
  assert.equal(code, 4, stderr);
  assert.match(stderr, /^error: write gs:\/\/no-such-bucket\/inputs\/ca978112\w+: not found \(404\)\. /);
});

test('a target that the Makefile does not have is a warning, for vicinity.yaml names it', async () => {
  using repository = new TestRepository({
    Makefile: 'all:\n\ttouch out\n',
    'vicinity.yaml': 'defaultTarget: all\ntargets: { all: {}, tile: {} }\n',
  });
  const { code, stderr } = await vicinity(['push', '--dry-run'], { cwd: repository.directory });
  assert.equal(code, 0);
  assert.equal(
    stderr,
    'warning: targets.tile: Makefile has no target tile. Add the target to the Makefile, or remove it from vicinity.yaml.\n',
  );
});

test('warns if vicinity.yaml differs from the deployed configuration, and says how to apply it', async () => {
  using repository = pipeline();
  const { directory } = repository;
  const deployed = loadConfig({ text: 'telemetryInterval: 9\n', env: {} });
  await recordDeployedConfig(bucket.objects, deployed);
  const warning =
    'warning: vicinity.yaml differs from the deployed configuration, which runs use: ' +
    'telemetryInterval (deployed: 9, here: 5). To apply it: vicinity deploy apply.\n';
  assert.equal((await vicinity(['push'], { cwd: directory })).stderr, warning);
  const local = { STORAGE_EMULATOR_HOST: process.env.STORAGE_EMULATOR_HOST ?? '' };
  const { stderr } = await vicinity(['push'], { cwd: directory, env: local });
  assert.match(stderr, /To apply it: vicinity local up\.\n$/);
  repository.write('vicinity.yaml', `${CONFIG}telemetryInterval: 9\n`);
  assert.doesNotMatch((await vicinity(['push'], { cwd: directory })).stderr, /deployed/);
});

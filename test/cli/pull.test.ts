import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import type { Outcome } from '../../shared/model/attempt.ts';
import { outcomeName, specName, statusName } from '../../shared/model/layout.ts';
import { sha256 } from '../../shared/model/message.ts';
import type { Status } from '../../shared/model/status.ts';
import { startBucket } from './support/bucket.ts';
import { vicinity } from './support/call.ts';
import { TestRepository } from './support/repository.ts';
import { ScriptedClock } from './support/scripted-clock.ts';
import { finishedStatus, RUN_ID, statusOf } from './support/statuses.ts';

const RESULTS = {
  'build.log': 'built\n',
  'serial.log': 'booted\n',
  'data/d_anchor_category/maine.csv': 'a,b\n',
  'tiles/web/0.json': '{}',
  'empty.csv': '',
};

/** The part of spec.json that a pull reads. */
const SPEC = { outputs: ['data/d_anchor_category', 'tiles/'] };

const { objects, faults } = await startBucket();

async function addRun(status: Status, results: Record<string, string>): Promise<void> {
  const { runId } = status;
  await objects.put(statusName(runId), JSON.stringify(status));
  await objects.put(specName(runId), JSON.stringify(SPEC));
  for (const [name, content] of Object.entries(results))
    await objects.put(`results/${runId}/${name}`, content);
}

function outcomeOf(runId: string, manifest: Outcome['manifest']): Outcome {
  const at = '2026-11-24T03:07:00Z';
  const counts = { exitCode: 0, warnings: 0, errors: 0 };
  const identity = {
    runId,
    attempt: 2,
    bootId: 'b',
    outcome: 'succeeded',
    cause: 'exit',
    phase: 'done',
  } as const;
  return { ...identity, ...counts, startedAt: at, finishedAt: at, phases: [], outputs: [], manifest };
}

function pipeline(): TestRepository {
  return new TestRepository({
    Makefile: 'all:\n',
    'vicinity.yaml': 'targets: { all: { outputs: [data/d_anchor_category, tiles/] } }\ndefaultTarget: all\n',
    'tiles/web/0.json': 'tracked',
    '.gitignore': 'data\nlogs\n',
  });
}

const COMMAND = path.join(import.meta.dirname, '../../cli/main.ts');

/** Runs the command as a process of its own, and kills it as soon as `isReached`. */
async function killOnce(isReached: () => boolean, args: string[], cwd: string): Promise<void> {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, stdio: 'ignore' });
  const timer = setInterval(() => isReached() && child.kill('SIGKILL'), 20);
  const [, signal] = await once(child, 'exit');
  clearInterval(timer);
  assert.equal(signal, 'SIGKILL');
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

before(() => addRun(finishedStatus(), RESULTS));

test('puts the results of the newest finished run where the old script put them', async () => {
  await addRun(statusOf({ runId: '20261125-000000-0001', status: 'running', attempt: 1 }), {
    'build.log': 'x',
  });
  using repository = pipeline();
  const cwd = path.join(repository.directory, 'tiles');
  const { code, stdout, stderr } = await vicinity(['pull'], { cwd });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(
    stdout,
    `Run      ${RUN_ID}
Results  ../data/categories_results/${RUN_ID}: 5 files, 19 bytes
Console  ../logs/remote_runs/${RUN_ID}-serial.log
`,
  );
  const results = path.join(repository.directory, 'data/categories_results');
  for (const [name, content] of Object.entries(RESULTS)) {
    assert.equal(readFileSync(path.join(results, RUN_ID, name), 'utf8'), content);
  }
  assert.equal(readlinkSync(path.join(results, 'latest')), RUN_ID);
  assert.equal(
    readFileSync(path.join(repository.directory, `logs/remote_runs/${RUN_ID}-serial.log`), 'utf8'),
    'booted\n',
  );
  assert.equal(repository.git('status', '--porcelain'), '');
});

test('downloads only what is not there yet in full', async () => {
  using repository = pipeline();
  const cwd = repository.directory;
  await vicinity(['pull', RUN_ID], { cwd });
  const folder = path.join(cwd, 'data/categories_results', RUN_ID);
  writeFileSync(path.join(folder, 'build.log'), 'BUILT\n');
  writeFileSync(path.join(folder, 'serial.log'), 'boo');
  const { ino } = statSync(path.join(folder, 'empty.csv'));
  const { stdout } = await vicinity(['pull', RUN_ID, '--json'], { cwd });
  assert.equal(JSON.parse(stdout).alreadyThere, 3);
  assert.equal(readFileSync(path.join(folder, 'build.log'), 'utf8'), 'built\n');
  assert.equal(readFileSync(path.join(folder, 'serial.log'), 'utf8'), 'booted\n');
  assert.equal(statSync(path.join(folder, 'empty.csv')).ino, ino);
  assert.deepEqual(readdirSync(folder).toSorted(), ['build.log', 'data', 'empty.csv', 'serial.log', 'tiles']);
});

const BIG = Buffer.alloc(8_000_000, 'a line of a big table\n');

test('continues within a file after the connection breaks, however often', async () => {
  const runId = '20261123-010000-0006';
  await addRun(finishedStatus({ runId }), { 'big.csv': String(BIG) });
  for (let cuts = 0; cuts < 6; cuts += 1)
    faults.add({
      operation: 'storage.objects.get',
      kind: 'cut',
      afterBytes: 1_000_000,
      urlContains: 'big.csv',
    });
  using repository = pipeline();
  const clock = new ScriptedClock([]);
  const { code, stderr } = await vicinity(['pull', runId], { cwd: repository.directory, clock });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.ok(faults.list().every(({ struck }) => struck === 1));
  const folder = path.join(repository.directory, 'data/categories_results', runId);
  assert.ok(readFileSync(path.join(folder, 'big.csv')).equals(BIG));
  assert.deepEqual(readdirSync(folder), ['big.csv']);
  faults.clear();
});

test('a pull that was killed continues where it was; parts of earlier generations are removed', async () => {
  const runId = '20261123-020000-0007';
  await addRun(finishedStatus({ runId }), { 'big.csv': String(BIG) });
  const object = await objects.stat(`results/${runId}/big.csv`);
  using repository = pipeline();
  const folder = path.join(repository.directory, 'data/categories_results', runId);
  const download = { operation: 'storage.objects.get', urlContains: 'big.csv' };
  faults.add({ ...download, kind: 'cut', afterBytes: 5_000_000 });
  faults.add({ ...download, kind: 'error', times: 99 });
  const part = path.join(folder, '.vicinity-parts', sha256(`${object?.name} ${object?.generation}`));
  await killOnce(() => sizeOf(part) > 4_000_000, ['pull', runId], repository.directory);
  const kept = sizeOf(part);
  writeFileSync(path.join(folder, '.vicinity-parts', sha256(`${object?.name} 1`)), 'an earlier generation');
  faults.clear();

  const { code, stdout } = await vicinity(['pull', runId, '--json'], { cwd: repository.directory });
  assert.deepEqual([code, JSON.parse(stdout).resumedBytes], [0, kept]);
  assert.ok(readFileSync(path.join(folder, 'big.csv')).equals(BIG));
  assert.deepEqual(readdirSync(folder), ['big.csv']);
});

test('--output takes the results themselves, and makes no link', async () => {
  using repository = pipeline();
  const { stdout, code } = await vicinity(['pull', RUN_ID, '--output', 'here', '--json'], {
    cwd: repository.directory,
  });
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).directory, path.join(repository.directory, 'here'));
  assert.equal(readFileSync(path.join(repository.directory, 'here/build.log'), 'utf8'), 'built\n');
  assert.equal(existsSync(path.join(repository.directory, 'data')), false);
});

test('moves a folder named latest aside, and says so', async () => {
  using repository = pipeline();
  const latest = path.join(repository.directory, 'data/categories_results/latest');
  mkdirSync(latest, { recursive: true });
  writeFileSync(path.join(latest, 'old.csv'), 'kept\n');
  const { code, stderr } = await vicinity(['pull', RUN_ID], { cwd: repository.directory });
  const aside = `${latest}-before-${RUN_ID}`;
  assert.deepEqual(
    { code, stderr },
    { code: 0, stderr: `warning: ${latest} was not a link. It is now ${aside}.\n` },
  );
  assert.equal(readFileSync(path.join(aside, 'old.csv'), 'utf8'), 'kept\n');
  assert.equal(readlinkSync(latest), RUN_ID);
});

test('the link of an interrupted pull is replaced', async () => {
  using repository = pipeline();
  const results = path.join(repository.directory, 'data/categories_results');
  mkdirSync(results, { recursive: true });
  symlinkSync(RUN_ID, path.join(results, `.latest-${RUN_ID}`));
  const { code, stderr } = await vicinity(['pull', RUN_ID], { cwd: repository.directory });
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual(readdirSync(results).sort(), [RUN_ID, 'latest']);
});

test('moves latest to the run that was pulled last', async () => {
  const other = '20261123-000000-0002';
  await addRun(finishedStatus({ runId: other, status: 'failed', verdict: 'failed' }), {
    'build.log': 'failed\n',
  });
  using repository = pipeline();
  await vicinity(['pull', RUN_ID], { cwd: repository.directory });
  const { code } = await vicinity(['pull', other], { cwd: repository.directory });
  assert.equal(code, 0);
  assert.equal(readlinkSync(path.join(repository.directory, 'data/categories_results/latest')), other);
});

test('--fan-out copies the outputs, never over a tracked or changed file', async () => {
  using repository = pipeline();
  const cwd = repository.directory;
  const first = await vicinity(['pull', RUN_ID, '--fan-out'], { cwd });
  assert.equal(first.code, 0);
  assert.equal(
    first.stderr,
    'warning: tiles/web/0.json is tracked by git, and is left as it is. --force replaces it.\n',
  );
  assert.match(first.stdout, /^Outputs {2}1 file copied into their own directories$/m);
  assert.equal(readFileSync(path.join(cwd, 'data/d_anchor_category/maine.csv'), 'utf8'), 'a,b\n');
  assert.equal(readFileSync(path.join(cwd, 'tiles/web/0.json'), 'utf8'), 'tracked');

  repository.write('data/d_anchor_category/maine.csv', 'mine');
  const second = await vicinity(['pull', RUN_ID, '--fan-out', '--json'], { cwd });
  assert.deepEqual(JSON.parse(second.stdout).fanOut, {
    written: [],
    skipped: [
      { path: 'data/d_anchor_category/maine.csv', reason: 'was changed here, or does not come from a run' },
      { path: 'tiles/web/0.json', reason: 'is tracked by git' },
    ],
  });

  const forced = await vicinity(['pull', RUN_ID, '--fan-out', '--force', '--json'], { cwd });
  assert.deepEqual(JSON.parse(forced.stdout).fanOut, {
    written: ['data/d_anchor_category/maine.csv', 'tiles/web/0.json'],
    skipped: [],
  });
  assert.equal(readFileSync(path.join(cwd, 'tiles/web/0.json'), 'utf8'), '{}');
});

test('--fan-out replaces what an earlier run put there', async () => {
  const later = '20261124-200000-0003';
  await addRun(finishedStatus({ runId: later }), { 'data/d_anchor_category/maine.csv': 'newer\n' });
  using repository = pipeline();
  const cwd = repository.directory;
  await vicinity(['pull', RUN_ID, '--fan-out'], { cwd });
  const { stdout } = await vicinity(['pull', later, '--fan-out', '--json'], { cwd });
  assert.deepEqual(JSON.parse(stdout).fanOut, { written: ['data/d_anchor_category/maine.csv'], skipped: [] });
  assert.equal(readFileSync(path.join(cwd, 'data/d_anchor_category/maine.csv'), 'utf8'), 'newer\n');
});

test('--fan-out leaves partial outputs in the results', async () => {
  const failed = '20261124-210000-0004';
  await addRun(finishedStatus({ runId: failed, status: 'failed', verdict: 'failed' }), {
    'data/d_anchor_category/maine.csv': 'half',
  });
  using repository = pipeline();
  const { code, stderr } = await vicinity(['pull', failed, '--fan-out'], { cwd: repository.directory });
  assert.equal(code, 0);
  assert.equal(
    stderr,
    `warning: Run ${failed} ended as failed: its outputs may be partial, and are not copied into their own directories. --force copies them.\n`,
  );
  assert.equal(existsSync(path.join(repository.directory, 'data/d_anchor_category')), false);
});

test('a run without results is not found', async () => {
  const empty = '20261124-220000-0005';
  await addRun(finishedStatus({ runId: empty, status: 'expired', verdict: 'failed' }), {});
  const { code, stderr } = await vicinity(['pull', empty]);
  assert.equal(code, 4);
  assert.equal(
    stderr,
    `error: Run ${empty} (expired) has no results in gs://vicinity-local/results/${RUN_ID}.\n`,
  );
});

test('outputs that only an earlier attempt left are not pulled', async () => {
  const runId = '20261123-010000-0007';
  await addRun(finishedStatus({ runId, attempt: 2 }), {
    'build.log': 'built\n',
    'tiles/web/0.json': '{}',
    'tiles/web/0.json.partial': '{',
  });
  const manifest = [{ name: `results/${runId}/tiles/web/0.json`, bytes: 2, crc32c: 'AAAAAA==' }];
  await objects.put(outcomeName(runId, 2), JSON.stringify(outcomeOf(runId, manifest)));
  using repository = pipeline();
  const { stdout } = await vicinity(['pull', runId, '--json', '--fan-out', '--force'], {
    cwd: repository.directory,
  });
  assert.equal(JSON.parse(stdout).files, 2);
  const folder = path.join(repository.directory, 'data/categories_results', runId);
  assert.deepEqual(readdirSync(path.join(folder, 'tiles/web')), ['0.json']);
  assert.deepEqual(readdirSync(path.join(repository.directory, 'tiles/web')), ['0.json']);
});

test('long names, names that end in .part and hidden names are pulled, and stay', async () => {
  const runId = '20261123-030000-0008';
  const names = [200, 232, 233, 255].map((length) => 'x'.repeat(length));
  const results = Object.fromEntries(
    [...names, '字'.repeat(78), '.shard.0.part', 'plain.0.part', '.hidden/y'].map((name) => [
      `tiles/job/${name}`,
      name,
    ]),
  );
  await addRun(finishedStatus({ runId }), results);
  using repository = pipeline();
  const folder = path.join(repository.directory, 'data/categories_results', runId);
  for (let time = 1; time <= 2; time += 1) {
    const { code, stderr } = await vicinity(['pull', runId], { cwd: repository.directory });
    assert.deepEqual([code, stderr], [0, '']);
    for (const [name, content] of Object.entries(results))
      assert.equal(readFileSync(path.join(folder, name), 'utf8'), content);
  }
  const { code, stdout } = await vicinity(['pull', runId, '--fan-out', '--json'], {
    cwd: repository.directory,
  });
  assert.equal(code, 0);
  const { written, skipped } = JSON.parse(stdout).fanOut;
  assert.deepEqual(written.length, names.length + 2);
  const reason = 'is a Makefile, a vicinity.yaml or a dotfile, which no run may write here';
  assert.deepEqual(skipped, [
    { path: 'tiles/job/.hidden/y', reason },
    { path: 'tiles/job/.shard.0.part', reason },
  ]);
});

test('results that have no place on this disk are named, and the others are pulled', async () => {
  const runId = '20261123-040000-0009';
  await addRun(finishedStatus({ runId }), {
    'tiles/a': 'a',
    'tiles/a/b': 'b',
    'tiles/c/d': 'd',
    'tiles/e': 'e',
  });
  using repository = pipeline();
  const folder = path.join('data/categories_results', runId, 'tiles');
  repository.write(path.join(folder, 'c'), 'a file of mine');
  repository.write(path.join(folder, 'e/mine'), 'a file of mine');
  const { code, stdout, stderr } = await vicinity(['pull', runId, '--json'], { cwd: repository.directory });
  assert.equal(code, 0);
  const skipped = [
    { path: 'tiles/a', reason: 'is a file, and other results need a folder of that name' },
    { path: 'tiles/c/d', reason: 'needs a folder where there is a file' },
    { path: 'tiles/e', reason: 'needs a file where there is a folder' },
  ];
  assert.deepEqual(JSON.parse(stdout).skipped, skipped);
  assert.equal(
    stderr,
    skipped
      .map(
        ({ path: name, reason }) =>
          `warning: ${name} ${reason}: not pulled. It stays in ${finishedStatus().resultsPrefix}/.\n`,
      )
      .join(''),
  );
  assert.equal(readFileSync(path.join(repository.directory, folder, 'a/b'), 'utf8'), 'b');
  assert.equal(readFileSync(path.join(repository.directory, folder, 'e/mine'), 'utf8'), 'a file of mine');
});

test('--fan-out copies only what vicinity.yaml here declares, and no file that a command here obeys', async () => {
  const runId = '20261123-050000-0010';
  const refused = [
    'Makefile',
    'tiles/GNUmakefile',
    'tiles/makefile',
    'tiles/rules.mk',
    'tiles/.git/hooks/post-commit',
  ];
  const more = ['tiles/.gitattributes', 'tiles/.envrc', 'tiles/vicinity.yaml', '.git/config', 'src/other.py'];
  const results = Object.fromEntries([...refused, ...more, 'tiles/x'].map((name) => [name, 'planted']));
  await addRun(finishedStatus({ runId }), results);
  // As somebody who can write to the bucket would have it.
  await objects.put(specName(runId), JSON.stringify({ outputs: ['Makefile', '.git', 'src', 'tiles'] }));
  using repository = pipeline();
  const { stdout } = await vicinity(['pull', runId, '--fan-out', '--force', '--json'], {
    cwd: repository.directory,
  });
  const { written, skipped } = JSON.parse(stdout).fanOut;
  assert.deepEqual(written, ['tiles/x']);
  const below = [...refused, ...more].filter((name) => name.startsWith('tiles/')).sort();
  assert.deepEqual(skipped.map((each: { path: string }) => each.path).sort(), below);
  assert.equal(readFileSync(path.join(repository.directory, 'Makefile'), 'utf8'), 'all:\n');
});

test('--fan-out of a target that vicinity.yaml here does not have copies nothing', async () => {
  const runId = '20261123-060000-0011';
  await addRun(finishedStatus({ runId, target: 'other' }), { 'tiles/x': 'x' });
  using repository = pipeline();
  const { code, stdout, stderr } = await vicinity(['pull', runId, '--fan-out', '--json'], {
    cwd: repository.directory,
  });
  assert.deepEqual([code, JSON.parse(stdout).fanOut], [0, { written: [], skipped: [] }]);
  assert.equal(
    stderr,
    'warning: other is not a target of the configuration here, so its outputs are not copied into their own directories.\n',
  );
});

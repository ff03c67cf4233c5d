import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRun } from '../../functions/start-run/start-run.ts';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { retireSuperseded } from '../../shared/retention/retire-superseded.ts';
import { packageOf } from '../fakes/source-package.ts';
import { World } from '../fakes/world.ts';

const DAY = 86_400;
const INPUT = 'a'.repeat(64);
const OTHER_INPUT = 'b'.repeat(64);

/** What vicinity-retire publishes. */
const dailyRound = (world: World) =>
  sweepRuns(world.deps, {}, world.event({ attributes: { schedule: 'vicinity-retire', action: 'retire' } }));

async function push(world: World, text: string, input: string): Promise<string> {
  const inputs = [{ path: 'inputs/a.csv', sha256: input, bytes: 3 }];
  const manifest = JSON.stringify({ version: 1, dirty: false, inputs });
  const { sha256, bytes } = await packageOf({ Makefile: text, '.vicinity/package.json': manifest });
  world.objects.write(`inputs/${input}`, 'csv');
  world.objects.write(`src/${sha256}.tar.gz`, bytes);
  world.objects.write('src/latest.json', JSON.stringify({ sha256, dirty: false, inputs }));
  return sha256;
}

async function marks(world: World): Promise<Record<string, string | undefined>> {
  const found = [
    ...(await world.objects.list({ prefix: 'src/' })),
    ...(await world.objects.list({ prefix: 'inputs/' })),
  ];
  return Object.fromEntries(found.flatMap(({ name, retiredAt }) => (retiredAt ? [[name, retiredAt]] : [])));
}

test('a superseded package and an input that no package needs are marked, once; the newest never, however old', async () => {
  const world = new World();
  const first = await push(world, 'all:\n\ttrue\n', INPUT);
  world.clock.advance(100 * DAY);
  await dailyRound(world);
  assert.deepEqual(await marks(world), {});
  const second = await push(world, 'all:\n\tfalse\n', OTHER_INPUT);
  world.clock.advance(2 * DAY);
  await dailyRound(world);
  const at = world.clock.now().toISOString();
  assert.deepEqual(await marks(world), { [`src/${first}.tar.gz`]: at, [`inputs/${INPUT}`]: at });
  world.clock.advance(5 * DAY);
  await dailyRound(world);
  assert.deepEqual(await marks(world), { [`src/${first}.tar.gz`]: at, [`inputs/${INPUT}`]: at });
  assert.notEqual(first, second);
});

test('what a running or queued run needs is not marked, and its mark moves on where it had one', async () => {
  const world = new World();
  const first = await push(world, 'all:\n\ttrue\n', INPUT);
  await push(world, 'all:\n\tfalse\n', OTHER_INPUT);
  world.clock.advance(2 * DAY);
  await dailyRound(world);
  world.instance.onBoot = () => world.claim();
  await startRun(world.deps, world.config, world.event({ data: { source: first } }));
  world.clock.advance(4 * DAY);
  await retireSuperseded(world.deps);
  const at = world.clock.now().toISOString();
  assert.deepEqual(await marks(world), { [`src/${first}.tar.gz`]: at, [`inputs/${INPUT}`]: at });
});

test('a package that was uploaded just now is not marked: it may be about to become the newest', async () => {
  const world = new World();
  await push(world, 'all:\n\ttrue\n', INPUT);
  const { sha256, bytes } = await packageOf({ Makefile: 'all:\n' });
  world.objects.write(`src/${sha256}.tar.gz`, bytes);
  world.clock.advance(DAY / 2);
  await dailyRound(world);
  assert.deepEqual(await marks(world), {});
});

test('an ordinary sweep marks nothing, nor does a daily round where nothing was ever pushed', async () => {
  const world = new World();
  world.objects.write(`src/${'c'.repeat(64)}.tar.gz`, 'x');
  world.clock.advance(3 * DAY);
  await dailyRound(world);
  await push(world, 'all:\n\ttrue\n', INPUT);
  await sweepRuns(world.deps, {}, world.event({ attributes: { schedule: 'vicinity-sweep' } }));
  assert.deepEqual(await marks(world), {});
});

const DATA = '1'.repeat(64);
const OLD_DATA = '2'.repeat(64);
const stateOf = (...hashes: string[]) =>
  JSON.stringify({ version: 1, files: hashes.map((sha256) => ({ path: sha256.slice(0, 4), sha256 })) });

async function stateMarks(world: World): Promise<string[]> {
  const found = await world.objects.list({ prefix: 'state/' });
  return found.flatMap(({ name, retiredAt }) => (retiredAt ? [name.slice('state/'.length)] : []));
}

/** The saved state of a run, and its last checkpoint, and the bytes of both. */
function saveState(world: World, target: string, runId: string, ...hashes: string[]): string {
  const name = `state/${target}/${runId}/attempt-1.json`;
  world.objects.write(name, stateOf(...hashes));
  world.objects.write(`state/${target}/${runId}/checkpoint.json`, stateOf(...hashes));
  for (const hash of hashes) world.objects.write(`state/blobs/${hash}`, 'x');
  return name;
}

const FORMER_RUN = '20261101-030643-0001';
const LAST_RUN = '20261102-030643-0002';

test('a state that a newer one has replaced is marked, with what only it has; the last good one never, however old', async () => {
  const world = new World();
  saveState(world, 'all', FORMER_RUN, DATA, OLD_DATA);
  const last = saveState(world, 'all', LAST_RUN, DATA);
  world.objects.write('state/all/latest.json', JSON.stringify({ runId: LAST_RUN, name: last }));
  await dailyRound(world);
  assert.deepEqual(await stateMarks(world), [], 'what is young may be about to be needed');
  world.clock.advance(100 * DAY);
  await dailyRound(world);
  assert.deepEqual(await stateMarks(world), [
    `all/${FORMER_RUN}/attempt-1.json`,
    `all/${FORMER_RUN}/checkpoint.json`,
    `all/${LAST_RUN}/checkpoint.json`,
    `blobs/${OLD_DATA}`,
  ]);
  assert.deepEqual(world.log, ['Marked as superseded.']);
});

test('what a run that has the VM has saved is not marked, nor its bytes', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await startRun(world.deps, world.config, world.event({ data: {} }));
  const { runId = '' } = world.slot().active ?? {};
  saveState(world, 'all', runId, DATA);
  saveState(world, 'all', FORMER_RUN, OLD_DATA);
  world.clock.advance(2 * DAY);
  await retireSuperseded(world.deps);
  assert.deepEqual(await stateMarks(world), [
    `all/${FORMER_RUN}/attempt-1.json`,
    `all/${FORMER_RUN}/checkpoint.json`,
    `blobs/${OLD_DATA}`,
  ]);
});

test('a mark on bytes that the last good state has again moves on', async () => {
  const world = new World();
  saveState(world, 'all', FORMER_RUN, DATA);
  world.clock.advance(2 * DAY);
  await dailyRound(world);
  assert.ok((await stateMarks(world)).includes(`blobs/${DATA}`));
  const last = `state/all/${LAST_RUN}/attempt-1.json`;
  world.objects.write(last, stateOf(DATA));
  world.objects.write('state/all/latest.json', JSON.stringify({ runId: LAST_RUN, name: last }));
  world.clock.advance(2 * DAY);
  await dailyRound(world);
  const { retiredAt } = (await world.objects.stat(`state/blobs/${DATA}`)) ?? {};
  assert.equal(retiredAt, world.clock.now().toISOString());
});

test('where a state cannot be read nothing of it is marked, and packages are all the same', async () => {
  const world = new World();
  const first = await push(world, 'all:\n\ttrue\n', INPUT);
  await push(world, 'all:\n\tfalse\n', INPUT);
  saveState(world, 'all', FORMER_RUN, OLD_DATA);
  world.objects.write('state/all/latest.json', '{');
  world.clock.advance(2 * DAY);
  await dailyRound(world);
  assert.deepEqual(await stateMarks(world), []);
  assert.deepEqual(Object.keys(await marks(world)), [`src/${first}.tar.gz`]);
  assert.match(
    world.log.at(-1) ?? '',
    /^Nothing is marked as superseded: gs:\/\/.*\/state\/all\/latest\.json/,
  );
});

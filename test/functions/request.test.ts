import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { World } from '../fakes/world.ts';
import { finish, onlyRun, start } from './support.ts';

/** From a message to a run that starts, waits or is refused. */

test('an empty message runs the default target, and the VM is told everything it needs', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  assert.match(runId, /^20261124-030000-[0-9a-f]{4}$/);
  assert.equal(world.status(runId)?.status, 'running');
  const { RUN_SPEC = '', ...metadata } = world.instance.metadata;
  assert.deepEqual(metadata, {
    'ssh-keys': 'kept',
    RUN_ID: runId,
    ATTEMPT: '1',
    BUCKET: 'memory',
    SRC_TARBALL: `gs://memory/src/${world.sha256}.tar.gz`,
    RESULTS_PREFIX: `gs://memory/results/${runId}`,
    TARGET: 'd_anchor_category',
    THREADS: '1',
    WORKERS: '',
    TELEMETRY_INTERVAL: '5',
  });
  assert.equal(JSON.parse(RUN_SPEC).maxSeconds, 72_000);
  assert.equal(world.instance.maxRunSeconds, 72_000 + 2400);
});

test('attributes alone ask for a run as well; unknown upper-case ones are parameters', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world, {
    attributes: { target: 'all', WORKERS: '48', machineType: 'c4d-highcpu-96', maxDuration: '2h' },
  });
  assert.equal(world.instance.metadata.TARGET, 'all');
  assert.equal(world.instance.metadata.WORKERS, '48');
  assert.equal(world.instance.machineType, 'c4d-highcpu-96');
  assert.equal(world.instance.maxRunSeconds, 7200 + 2400);
});

test('a second request waits, is told so, and starts when the first is done', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world, { data: { target: 'd_anchor_category' } });
  await start(world, { data: { target: 'all' } });
  const { active, queue } = world.slot();
  const [second = ''] = queue.map((entry) => entry.runId);
  assert.equal(world.status(second)?.status, 'queued');
  assert.equal(world.status(second)?.queuePosition, 1);
  assert.deepEqual(world.notifier.events(), ['queued']);
  world.complete();
  await finish(world, { runId: active?.runId });
  assert.equal(world.slot().active?.runId, second);
  assert.equal(world.instance.metadata.TARGET, 'all');
  assert.equal(world.status(second)?.status, 'running');
});

test('onBusy: skip ends the request at once, and says why', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const first = onlyRun(world);
  await start(world, { data: { target: 'all', onBusy: 'skip' } });
  const skipped = world.runIds().find((runId) => runId !== first) ?? '';
  assert.equal(world.status(skipped)?.status, 'cancelled');
  assert.equal(
    world.status(skipped)?.reason,
    `Skipped, because ${first} holds the VM and the request says onBusy: skip.`,
  );
});

test('the same message twice, or the same requestId at another time, is one run', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world, { messageId: '77' });
  await start(world, { messageId: '77' });
  assert.equal(world.runIds().length, 1);
  await start(world, { data: { requestId: 'mine' } });
  world.clock.advance(600);
  await start(world, { data: { requestId: 'mine' } });
  assert.equal(world.runIds().length, 2);
  assert.equal(world.slot().queue.length, 1);
  assert.equal(world.instance.starts, 1);
});

test('a refused request is recorded and told once, and nothing is started', async () => {
  const world = await World.create();
  await start(world, { data: { target: 'all; rm -rf /' }, messageId: '5' });
  await start(world, { data: { target: 'all; rm -rf /' }, messageId: '5' });
  const rejected = world.objects.json('rejected/5.json');
  assert.deepEqual(rejected?.faults, [
    {
      field: 'target',
      problem: 'must be one make target: letters, digits and . _ / - only',
      remedy: 'Correct it and publish the request again.',
    },
  ]);
  assert.equal(rejected?.notified, true);
  assert.deepEqual(world.notifier.events(), ['rejected']);
  assert.equal(world.instance.starts, 0);
});

test('a waiting run that is too old expires; a run whose objects are gone frees its place', async () => {
  const world = await World.create({ limits: { maxAge: '1h' } });
  world.instance.onBoot = () => world.claim();
  await start(world);
  await start(world, { data: { target: 'all' } });
  const waiting = world.slot().queue[0]?.runId ?? '';
  world.clock.advance(3601);
  await sweepRuns(world.deps);
  assert.equal(world.status(waiting)?.status, 'expired');
  assert.deepEqual(world.slot().queue, []);
});

test('a whole queue that expires at once is settled in one pass', async () => {
  const world = await World.create({ limits: { maxAge: '1h' } });
  world.instance.onBoot = () => world.claim();
  for (let request = 0; request <= world.config.limits.maxQueue; request += 1) await start(world);
  assert.equal(world.slot().queue.length, 20);
  world.clock.advance(3601);
  await sweepRuns(world.deps);
  assert.deepEqual(world.slot().queue, []);
  assert.equal(world.runIds().filter((runId) => world.status(runId)?.status === 'expired').length, 20);
});

test('the queue has an end also while nothing holds the slot, as where a person holds the VM', async () => {
  const world = await World.create({ limits: { maxQueue: 1 } });
  world.instance.labels = { 'vicinity-hold': 'true' };
  world.instance.boot();
  for (let request = 0; request < 4; request += 1) await start(world);
  assert.equal(world.slot().queue.length, 2);
  assert.deepEqual(
    world.notifier.events().filter((event) => event === 'rejected'),
    ['rejected', 'rejected'],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { latestStateName, savedStateName } from '../../shared/model/layout.ts';
import { World } from '../fakes/world.ts';
import { finish, onlyRun, start } from './support.ts';

/** What goes from attempt to attempt and from run to run: progress, Spot, state. */

test('a run that goes on shows its progress, and when it will end by its pace or by the last good run', async () => {
  const world = await World.create({
    targets: {
      d_anchor_category: { progress: '(?<done>\\d+) of (?<total>\\d+)', outputs: ['data/d_anchor_category'] },
    },
  });
  world.instance.onBoot = () => world.claim();
  await start(world);
  const baseline = onlyRun(world);
  world.complete();
  await finish(world);
  await start(world);
  const runId = world.runIds().find((id) => id !== baseline) ?? '';
  assert.deepEqual(world.objects.json(`runs/${runId}/spec.json`)?.baseline, {
    runId: baseline,
    phases: [{ name: 'make', seconds: 60 }],
  });
  assert.equal(
    JSON.parse(world.instance.metadata.RUN_SPEC ?? '').progress,
    '(?<done>\\d+) of (?<total>\\d+)',
  );
  const claimedAt = world.clock.now().getTime();
  const time = (seconds: number) => new Date(claimedAt + seconds * 1000).toISOString().replace(/\.\d+Z/, 'Z');
  assert.deepEqual(world.status(runId)?.estimate, { finishAt: time(60), basis: 'former-run' });

  const progress = { fraction: 0.25, done: 1, total: 4, at: time(20), since: time(10), sinceFraction: 0 };
  const heartbeat = { at: time(20), bootId: 'boot-1', phase: 'make', phaseStartedAt: time(5), progress };
  world.objects.write(`runs/${runId}/attempt-1/heartbeat.json`, JSON.stringify(heartbeat));
  await sweepRuns(world.deps);
  const { phase, progress: shown, estimate } = world.status(runId) ?? {};
  assert.deepEqual(
    { phase, shown, estimate },
    { phase: 'make', shown: progress, estimate: { finishAt: time(50), basis: 'progress' } },
  );

  world.complete();
  await finish(world);
  assert.equal(world.status(runId)?.progress, undefined);
  assert.equal(world.status(runId)?.estimate, undefined);
});

test('Spot capacity: the run goes on after a preemption, its last attempt on standard, and its Spot time is reported', async () => {
  const world = await World.create({ vm: { provisioning: 'spot' }, limits: { maxAttempts: 2 } });
  const spot: boolean[] = [];
  world.instance.onBoot = () => {
    spot.push(world.instance.isSpot);
    world.claim();
  };
  await start(world);
  const runId = onlyRun(world);
  world.clock.advance(600);
  world.instance.powerOff();
  await sweepRuns(world.deps);
  world.complete();
  await finish(world);
  assert.deepEqual(spot, [true, false]);
  const { vm, attempt } = world.status(runId) as { vm: object; attempt: number };
  assert.deepEqual({ ...vm, attempt }, { ...vm, attempt: 2, onSeconds: 660, spotSeconds: 600 });
});

test('the state of a good run is what the next one begins with; one that is doubtful or late moves nothing', async () => {
  const world = await World.create({
    targets: { 'a/b': { outputs: ['out'], state: 'carry', statePaths: ['build/'], checkpointEvery: '5m' } },
    defaultTarget: 'a/b',
  });
  world.instance.onBoot = () => world.claim();
  const saved = (runId: string) => ({ name: savedStateName('a/b', runId, 1), files: 3, bytes: 12 });
  const run = async (changes: object, seconds: number) => {
    await start(world);
    const runId = world.runIds().at(-1) ?? '';
    world.complete({
      outputs: [{ path: 'out', objects: 1, bytes: 1 }],
      state: { saved: saved(runId) },
      ...changes,
    });
    await finish(world);
    world.clock.advance(seconds);
    return runId;
  };
  const first = await run({}, 60);
  assert.deepEqual(JSON.parse(world.instance.metadata.RUN_SPEC ?? '').state, {
    paths: ['build'],
    checkpointSeconds: 300,
  });
  assert.equal(world.objects.json('state/a~b/latest.json')?.name, `state/a~b/${first}/attempt-1.json`);
  await run({ errors: 1 }, 60);
  assert.equal(world.objects.json('state/a~b/latest.json')?.runId, first);
  const third = await run({}, 60);
  assert.equal(world.objects.json(latestStateName('a/b'))?.runId, third);
  assert.deepEqual(world.status(third)?.state, { saved: saved(third) });
});

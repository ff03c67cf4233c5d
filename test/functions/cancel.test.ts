import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { World } from '../fakes/world.ts';
import { finish, onlyRun, start } from './support.ts';

/** A cancellation at every stage of a run. */

test('cancelling a waiting run takes it out of the queue', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  await start(world, { data: { target: 'all' } });
  const waiting = world.slot().queue[0]?.runId ?? '';
  await start(world, { data: { action: 'cancel', runId: waiting, requestedBy: 'ada' } });
  assert.equal(world.status(waiting)?.status, 'cancelled');
  assert.equal(world.status(waiting)?.reason, 'Cancelled by ada.');
  assert.deepEqual(world.slot().queue, []);
});

test('cancelling a running one stops its VM and frees the slot', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  await start(world, { data: { action: 'cancel', runId } });
  assert.equal(world.instance.stops, 1);
  await sweepRuns(world.deps);
  assert.equal(world.status(runId)?.status, 'cancelled');
  assert.equal(world.slot().active, undefined);
});

test('cancelling what is not accepted yet, by its request id, ends it before it starts', async () => {
  const world = await World.create();
  await start(world, { data: { action: 'cancel', requestId: 'later', requestedBy: 'ada' } });
  await start(world, { data: { requestId: 'later' } });
  assert.equal(world.status(onlyRun(world))?.status, 'cancelled');
  assert.equal(world.instance.starts, 0);
});

test('cancelling what has ended changes nothing, and people are told that it is too late', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete();
  await finish(world, { runId });
  await start(world, { data: { action: 'cancel', runId } });
  assert.equal(world.status(runId)?.status, 'succeeded');
  assert.deepEqual(world.notifier.events(), ['finished', 'cancel-too-late']);
});

test('cancelling a starting run takes the attempt back from the VM that boots for it', async () => {
  const world = await World.create();
  await start(world);
  const runId = onlyRun(world);
  assert.equal(world.status(runId)?.status, 'starting');
  await start(world, { data: { action: 'cancel', runId } });
  assert.equal(world.status(runId)?.status, 'cancelled');
  assert.deepEqual(world.objects.json(`runs/${runId}/attempt-1/claim.json`)?.by, 'control-plane');
});

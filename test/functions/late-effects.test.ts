import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRun } from '../../functions/start-run/start-run.ts';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { TransientError } from '../../shared/errors.ts';
import { passing, World } from '../fakes/world.ts';
import { onlyRun, start } from './support.ts';

/** Calls that hang take effect when another run has the VM. */

test('a stop call that hangs cannot stop the next run', async () => {
  const world = await World.create();
  const { instance } = world;
  instance.onBoot = () => world.claim();
  await start(world);
  const first = onlyRun(world);
  const stop = instance.stop.bind(instance);
  let hanging = '';
  instance.stop = async (requestId) => {
    hanging = requestId;
    throw passing();
  };
  const cancel = world.event({ data: { action: 'cancel', runId: first } });
  await assert.rejects(startRun(world.deps, world.config, cancel), TransientError);
  instance.stop = stop;
  instance.powerOff();
  await start(world);
  await sweepRuns(world.deps);
  const second = world.runIds().find((runId) => runId !== first) ?? '';
  assert.deepEqual(
    [world.status(first)?.status, world.slot().active?.runId, instance.status],
    ['cancelled', second, 'RUNNING'],
  );
  await instance.stop(hanging);
  assert.equal(instance.status, 'RUNNING');
});

test('a stop call that is refused for good does not hold up the next run', async () => {
  const world = await World.create();
  const { instance } = world;
  instance.onBoot = () => world.claim();
  await start(world);
  const first = onlyRun(world);
  const refused = new Error('The instance is stopped already.');
  instance.stop = async () => {
    throw instance.status === 'RUNNING' ? passing() : refused;
  };
  const cancel = world.event({ data: { action: 'cancel', runId: first } });
  await assert.rejects(startRun(world.deps, world.config, cancel), TransientError);
  instance.powerOff();
  world.clock.advance(1);
  await start(world);
  assert.notEqual(world.slot().active?.runId, first);
  assert.equal(instance.status, 'RUNNING');
  assert.ok(world.log.includes('A stop call was refused.'));
});

test('a function that was held up does not give the VM the metadata of an earlier attempt', async () => {
  const world = await World.create();
  const { instance } = world;
  const setMetadata = instance.setMetadata.bind(instance);
  instance.setMetadata = async (items, version) => {
    await setMetadata({ RUN_ID: 'a later run' }, version);
    await setMetadata(items, version);
  };
  await assert.rejects(start(world), { message: 'The metadata has changed.' });
  assert.deepEqual([instance.metadata.RUN_ID, instance.starts], ['a later run', 0]);
});

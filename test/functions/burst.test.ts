import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRun } from '../../functions/start-run/start-run.ts';
import { TransientError } from '../../shared/errors.ts';
import { World } from '../fakes/world.ts';
import { finish } from './support.ts';

const RUNS = 40;

/** Delivers the message until it is acknowledged, as Pub/Sub does. */
async function deliver(world: World, event: ReturnType<World['event']>): Promise<void> {
  try {
    await startRun(world.deps, world.config, event);
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    await new Promise((resolve) => setImmediate(resolve));
    await deliver(world, event);
  }
}

test('a burst of requests, each delivered twice, becomes runs in their order, with few slot writes', async () => {
  const world = await World.create({ limits: { maxQueue: 100 } });
  world.instance.onBoot = () => world.claim();
  const { objects } = world.deps;
  const replace = objects.replace.bind(objects);
  let slotWrites = 0;
  objects.replace = async (name, text, generation) => {
    const answer = await replace(name, text, generation);
    if (name.startsWith('control/') && answer === 'replaced') slotWrites += 1;
    return answer;
  };
  const events = Array.from({ length: RUNS }, () => {
    world.clock.advance(1);
    return world.event({ data: {} });
  });
  await Promise.all([...events, ...events].map((event) => deliver(world, event)));
  const { active, queue } = world.slot();
  assert.deepEqual([active?.runId, ...queue.map(({ runId }) => runId)], world.runIds());
  assert.ok(slotWrites < RUNS, `${slotWrites} slot writes for ${RUNS} runs`);

  for (const runId of world.runIds()) {
    assert.equal(world.instance.metadata.RUN_ID, runId);
    world.complete();
    await finish(world, { runId });
  }
  const statuses = world.runIds().map((runId) => world.status(runId)?.status);
  assert.deepEqual(statuses, Array(RUNS).fill('succeeded'));
  assert.equal(world.instance.starts, RUNS);
  assert.deepEqual(
    [world.notifier.events().filter((event) => event === 'finished').length, world.notifier.sent.length],
    [RUNS, 2 * RUNS - 1],
  );
});

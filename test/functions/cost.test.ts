import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishRun } from '../../functions/finish-run/finish-run.ts';
import { startRun } from '../../functions/start-run/start-run.ts';
import { World } from '../fakes/world.ts';

test('the status tells what the run cost, and what its VM costs while it is off', async () => {
  const world = await World.create({ vm: { disk: { sizeGb: 200 } } });
  world.instance.onBoot = () => world.claim();
  await startRun(world.deps, world.config, world.event({ data: {} }));
  world.complete();
  const [runId = ''] = world.runIds();
  await finishRun(world.deps, world.event({ data: { runId, attempt: 1 } }));
  const { cost, vm } = world.status(runId) ?? {};
  assert.equal((vm as { onSeconds: number }).onSeconds, 60);
  assert.deepEqual(cost, {
    currency: 'USD',
    pricesAsOf: '2026-11-24',
    provisioning: 'standard',
    perHour: 1.25625,
    total: 0.02094,
    phases: [{ name: 'make', dollars: 0.02094 }],
    other: 0,
    idlePerMonth: 17.6,
  });
});

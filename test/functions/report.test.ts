import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishRun } from '../../functions/finish-run/finish-run.ts';
import { startRun } from '../../functions/start-run/start-run.ts';
import type { Status } from '../../shared/model/status.ts';
import { World } from '../fakes/world.ts';

async function finishedWith(report: (status: Status) => Promise<void>) {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await startRun(world.deps, world.config, world.event({ data: {} }));
  world.complete();
  await finishRun({ ...world.deps, report }, world.event({ data: {} }));
  const [runId = ''] = world.runIds();
  return { world, runId };
}

test('the report is made before anybody can see that the run is finished', async () => {
  const seen: (string | undefined)[] = [];
  const { runId } = await finishedWith(async (status) => {
    seen.push(status.runId);
  });
  assert.deepEqual([...new Set(seen)], [runId]);
});

test('a report that cannot be made holds up nothing, and the log says why', async () => {
  const { world, runId } = await finishedWith(async () => {
    throw new Error('no room');
  });
  assert.equal(world.status(runId)?.status, 'succeeded');
  assert.deepEqual(world.notifier.events(), ['finished']);
  assert.ok(world.log.includes('The report could not be made.'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { World } from '../fakes/world.ts';
import { finish, onlyRun, start } from './support.ts';

/** Objects that do not match their schemas: their run stops, all others go on, and people are notified once. */

const BAD = ['{}', 'not JSON', '[]', 'null'];

/** One run that the VM works on, and a second one that waits. */
async function busyWorld(): Promise<{ world: World; active: string; waiting: string }> {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const active = onlyRun(world);
  world.clock.advance(1);
  await start(world);
  const waiting = world.runIds().find((runId) => runId !== active) ?? '';
  world.notifier.sent.length = 0;
  return { world, active, waiting };
}

async function completeNext(world: World): Promise<string> {
  const { RUN_ID: runId = '' } = world.instance.metadata;
  world.complete();
  await finish(world, { runId });
  return runId;
}

for (const bad of BAD) {
  test(`a damaged cancel.json cancels its run, and the next one starts: ${bad}`, async () => {
    const { world, active, waiting } = await busyWorld();
    world.objects.write(`runs/${active}/cancel.json`, bad);
    await sweepRuns(world.deps);
    world.instance.powerOff();
    await sweepRuns(world.deps);
    const { status, reason } = world.status(active) ?? {};
    assert.equal(status, 'cancelled');
    assert.match(
      String(reason),
      new RegExp(`^Cancelled, because gs://memory/runs/${active}/cancel.json does not match its schema: `),
    );
    assert.equal(world.instance.metadata.RUN_ID, waiting);
  });

  test(`a damaged final.json ends its run as lost, and the next one starts: ${bad}`, async () => {
    const { world, active, waiting } = await busyWorld();
    world.objects.write(`runs/${active}/final.json`, bad);
    world.instance.powerOff();
    await sweepRuns(world.deps);
    assert.equal(world.status(active)?.status, 'lost');
    assert.equal(world.instance.metadata.RUN_ID, waiting);
  });

  test(`a damaged outcome.json fails its run, and the next one starts: ${bad}`, async () => {
    const { world, active, waiting } = await busyWorld();
    world.objects.write(`runs/${active}/attempt-1/outcome.json`, bad);
    world.instance.powerOff();
    await sweepRuns(world.deps);
    assert.equal(world.status(active)?.status, 'failed');
    assert.equal(world.instance.metadata.RUN_ID, waiting);
  });

  test(`a damaged spec.json of the active run frees the VM, and is reported once: ${bad}`, async () => {
    const { world, active, waiting } = await busyWorld();
    world.objects.write(`runs/${active}/spec.json`, bad);
    world.instance.powerOff();
    await sweepRuns(world.deps);
    await sweepRuns(world.deps);
    assert.equal(world.instance.metadata.RUN_ID, waiting);
    assert.deepEqual(world.notifier.events(), ['damaged']);
  });

  test(`a damaged spec.json of a waiting run takes it out of the queue: ${bad}`, async () => {
    const { world, active, waiting } = await busyWorld();
    world.objects.write(`runs/${waiting}/spec.json`, bad);
    await completeNext(world);
    assert.equal(world.status(active)?.status, 'succeeded');
    assert.equal(world.slot().active, undefined);
    assert.deepEqual(world.notifier.events().toSorted(), ['damaged', 'finished']);
  });

  test(`a damaged slot holds up requests, loses none, and is rebuilt once it is moved away: ${bad}`, async () => {
    const { world, active, waiting } = await busyWorld();
    world.objects.write('control/vicinity-batch.json', bad);
    world.clock.advance(1);
    await start(world);
    await sweepRuns(world.deps);
    await finish(world, { runId: active });
    assert.equal(world.runIds().length, 3);
    assert.deepEqual(world.notifier.events(), ['damaged']);
    assert.match(JSON.stringify(world.notifier.sent[0]), /control\/vicinity-batch\.json/);
    world.objects.delete('control/vicinity-batch.json');
    world.complete();
    await sweepRuns(world.deps);
    for (const runId of [waiting, world.runIds().at(-1)]) {
      const ran = await completeNext(world);
      assert.equal(ran, runId);
    }
    assert.deepEqual(
      world.runIds().map((runId) => world.status(runId)?.status),
      ['succeeded', 'succeeded', 'succeeded'],
    );
    assert.equal(world.instance.starts, 3);
  });
}

test('a spec under the name of another run is damaged, not that run', async () => {
  const { world, active, waiting } = await busyWorld();
  const spec = JSON.stringify(world.objects.json(`runs/${active}/spec.json`));
  world.objects.write(`runs/${waiting}/spec.json`, spec);
  await sweepRuns(world.deps);
  assert.deepEqual(
    world.notifier.sent.map((sent) => 'problem' in sent && sent.problem),
    [`runId is ${active}, which is another run`],
  );
});

test('damage that Slack could not be told of is reported by the next sweep', async () => {
  const { world, waiting } = await busyWorld();
  world.objects.write(`runs/${waiting}/spec.json`, '{}');
  world.notifier.failures = [new Error('unknown')];
  await assert.rejects(sweepRuns(world.deps), { message: 'unknown' });
  await sweepRuns(world.deps);
  assert.deepEqual(
    world.notifier.sent.map(({ event, resend }) => [event, resend]),
    [['damaged', true]],
  );
});

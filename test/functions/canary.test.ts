import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotFoundError } from '../../shared/errors.ts';
import { answerCanary } from '../../shared/intake/canary.ts';
import { World } from '../fakes/world.ts';

const ID = '0b8f6a2e-1c3d-4e5f-8a9b-0c1d2e3f4a5b';
const ask = (world: World, data: object | string, hasWebhook = true) =>
  answerCanary(world.deps, 'startRun', async () => hasWebhook, world.event({ data }));

test('a canary is answered with what the function reaches; nothing of a run is touched', async () => {
  const world = await World.create();
  const before = world.objects.names();
  assert.equal(await ask(world, { action: 'canary', id: ID }), true);
  assert.deepEqual(world.objects.json(`canary/${ID}/startRun.json`), {
    function: 'startRun',
    at: '2026-11-24T03:00:00.000Z',
    instance: 'TERMINATED',
    webhook: 'present',
  });
  assert.deepEqual(
    world.objects.names().filter((name) => !name.startsWith('canary/')),
    before,
  );
  assert.deepEqual(world.notifier.sent, []);
});

test('what the function cannot reach is in its answer', async () => {
  const world = await World.create();
  world.instance.read = () =>
    Promise.reject(new NotFoundError('read instance vicinity-batch: not found (404).'));
  assert.equal(await ask(world, { action: 'canary', id: ID }, false), true);
  const answer = world.objects.json(`canary/${ID}/startRun.json`);
  assert.deepEqual(
    [answer?.instance, answer?.webhook],
    ['read instance vicinity-batch: not found (404).', 'absent'],
  );
});

test('any other message is left to the function, also one that only looks like a canary', async () => {
  const world = await World.create();
  for (const data of [
    { target: 'all' },
    '{"action":"canary"',
    { action: 'canary', id: '../x' },
    { action: 'canary' },
  ])
    assert.equal(await ask(world, data), false);
  assert.equal(await answerCanary(world.deps, 'startRun', async () => true, world.event({})), false);
});

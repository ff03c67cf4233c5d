import assert from 'node:assert/strict';
import { finishRun } from '../../functions/finish-run/finish-run.ts';
import { startRun } from '../../functions/start-run/start-run.ts';
import type { World } from '../fakes/world.ts';

/** Delivers a message on `vicinity-run`. */
export function start(world: World, message: Parameters<World['event']>[0] = {}): Promise<void> {
  return startRun(world.deps, world.config, world.event(message));
}

/** Delivers a message on `vicinity-run-finished`. */
export function finish(world: World, data: object = {}): Promise<void> {
  return finishRun(world.deps, world.event({ data }));
}

export function onlyRun(world: World): string {
  const [runId = '', ...more] = world.runIds();
  assert.deepEqual(more, []);
  return runId;
}

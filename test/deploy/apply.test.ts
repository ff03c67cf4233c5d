import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApplyError, type ApplyObserver, apply } from '../../deploy/plan/apply.ts';
import { observe, plan } from '../../deploy/plan/plan.ts';
import { idOf } from '../../deploy/table/resource.ts';
import { PermissionError, TransientError } from '../../shared/errors.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryProviders } from './support/memory-providers.ts';
import { smallTable } from './support/table.ts';

const table = smallTable();
const quiet: ApplyObserver = { started() {}, waiting() {}, onChange() {} };

function applied(cloud: MemoryProviders, clock = new ManualClock(), observer = quiet) {
  return apply({ table, providers: cloud.providers(), clock, observer });
}

async function isUpToDate(cloud: MemoryProviders): Promise<boolean> {
  const changes = plan(table, await observe(table, cloud.providers()));
  return changes.every(({ action }) => action === 'none');
}

test('makes everything in the order of dependency; the second time nothing', async () => {
  const cloud = new MemoryProviders();
  const changed = await applied(cloud);
  assert.deepEqual(changed.map(({ resource }) => idOf(resource)).sort(), table.map(idOf).sort());
  const order = cloud.changes().map((call) => call.replace('create ', ''));
  for (const resource of table)
    for (const id of resource.dependsOn) assert.ok(order.indexOf(id) < order.indexOf(idOf(resource)));
  assert.ok(await isUpToDate(cloud));
  cloud.calls.length = 0;
  assert.deepEqual(await applied(cloud), []);
  assert.deepEqual(cloud.changes(), []);
});

test('what was changed by hand is changed back, and that alone', async () => {
  const cloud = new MemoryProviders();
  await applied(cloud);
  const subscription = cloud.things.get('subscription start-run') as { ackDeadlineSeconds: number };
  subscription.ackDeadlineSeconds = 10;
  cloud.things.delete('topic vicinity-sweep');
  cloud.calls.length = 0;
  await applied(cloud);
  assert.deepEqual(cloud.changes().sort(), ['create topic vicinity-sweep', 'update subscription start-run']);
});

describe('a crash at any call, before or after its effect, leaves what the next apply completes', () => {
  for (const after of [false, true]) {
    test(after ? 'after' : 'before', async () => {
      const whole = new MemoryProviders();
      await applied(whole);
      for (let at = 0; at < whole.calls.length; at += 1) {
        const cloud = new MemoryProviders();
        cloud.fault = () =>
          cloud.calls.length > at
            ? { error: new Error('killed'), after: after && cloud.calls.length === at + 1 }
            : undefined;
        await assert.rejects(applied(cloud), ApplyError);
        cloud.fault = () => undefined;
        await applied(cloud);
        assert.ok(await isUpToDate(cloud), `at call ${at}`);
      }
    });
  }
});

test('a new account or grant is waited for, with growing pauses, as long as propagation may take', async () => {
  const cloud = new MemoryProviders();
  const clock = new ManualClock();
  const begun = clock.now().getTime();
  const waits: number[] = [];
  cloud.fault = (call) =>
    call === 'create function start-run' && clock.now().getTime() < begun + 60_000
      ? { error: new PermissionError('permission denied (403).') }
      : undefined;
  await applied(cloud, clock, { ...quiet, waiting: () => waits.push(clock.now().getTime() - begun) });
  assert.deepEqual(waits, [0, 2000, 6000, 14_000, 30_000]);
  assert.ok(await isUpToDate(cloud));
});

test('a missing right is told at once where nothing was changed before; what does not depend on it is done', async () => {
  const cloud = new MemoryProviders();
  await applied(cloud);
  cloud.things.delete('function start-run');
  cloud.things.delete('subscription start-run');
  cloud.things.delete('topic vicinity-sweep');
  cloud.fault = (call) =>
    call === 'create function start-run'
      ? { error: new PermissionError('create function start-run: permission denied (403).') }
      : undefined;
  const clock = new ManualClock();
  const begun = clock.now().getTime();
  await assert.rejects(applied(cloud, clock), (error: Error) => {
    assert.equal(
      error.message,
      'function start-run: create function start-run: permission denied (403).\n' +
        'Skipped, because a dependency failed: subscription start-run, grants function start-run, grants subscription start-run.\n' +
        'Completed changes stay. Fix this, then rerun vicinity deploy apply to continue.',
    );
    return true;
  });
  assert.equal(clock.now().getTime(), begun);
  assert.ok(cloud.things.has('topic vicinity-sweep'));
});

test('a passing fault is tried again until a deadline', async () => {
  const cloud = new MemoryProviders();
  const clock = new ManualClock();
  cloud.fault = (call) =>
    call === 'create topic vicinity-run'
      ? { error: new TransientError('503. Tried again later.') }
      : undefined;
  const begun = clock.now().getTime();
  await assert.rejects(applied(cloud, clock), /^ApplyError: topic vicinity-run: 503\./);
  const seconds = (clock.now().getTime() - begun) / 1000;
  assert.ok(seconds > 360 && seconds <= 420, `${seconds} s`);
});

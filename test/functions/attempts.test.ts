import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { PermissionError } from '../../shared/errors.ts';
import { passing, World } from '../fakes/world.ts';
import { finish, onlyRun, start } from './support.ts';

/** Starts that fail, VMs that die, hang or stay on, and what the sweep makes of them. */

test('a VM that dies in mid-run leads to another attempt, and people are notified', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.instance.powerOff();
  await sweepRuns(world.deps);
  assert.equal(world.slot().active?.attempt, 2);
  assert.equal(world.instance.metadata.ATTEMPT, '2');
  assert.deepEqual(world.notifier.events(), ['retrying']);
  world.complete();
  await finish(world, { runId });
  assert.equal(world.status(runId)?.status, 'succeeded');
  assert.equal(world.status(runId)?.attempt, 2);
});

test('a run whose VM dies in every attempt is lost', async () => {
  const world = await World.create({ limits: { maxAttempts: 2 } });
  world.instance.onBoot = () => world.claim();
  await start(world);
  for (let sweep = 0; sweep < 3; sweep += 1) {
    world.instance.powerOff();
    await sweepRuns(world.deps);
  }
  const { status, reason } = world.status(onlyRun(world)) ?? {};
  assert.equal(status, 'lost');
  assert.equal(
    reason,
    'The VM went off without reporting an outcome (preempted, host error or power loss). No attempt is left (2 of 2).',
  );
  assert.equal(world.instance.starts, 2);
});

test('no machine in stock: tried again later, told once, given up at the limit', async () => {
  const world = await World.create({ limits: { startWithin: '30m' } });
  const error = 'ZONE_RESOURCE_POOL_EXHAUSTED';
  world.instance.startResults = Array.from({ length: 50 }, () => ({
    started: false as const,
    error,
    message: 'None left.',
  }));
  await start(world);
  for (let sweep = 0; sweep < 5; sweep += 1) {
    world.clock.advance(600);
    await sweepRuns(world.deps);
  }
  assert.equal(world.status(onlyRun(world))?.status, 'start-failed');
  assert.deepEqual(world.notifier.events(), ['start-delayed', 'finished']);
  assert.equal(world.slot().active, undefined);
});

test('a start that is refused for good ends the run with the reason', async () => {
  const world = await World.create();
  world.instance.startResults = [
    { started: false, error: 'QUOTA_EXCEEDED', message: "Quota 'C4D_CPUS' exceeded." },
  ];
  await start(world);
  const { status, reason } = world.status(onlyRun(world)) ?? {};
  assert.deepEqual(
    { status, reason },
    { status: 'start-failed', reason: "Quota 'C4D_CPUS' exceeded. (QUOTA_EXCEEDED)" },
  );
});

test('a start that Compute Engine itself failed is tried again, and does not end the run', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  world.instance.startResults = [
    { started: false, error: 'INTERNAL_ERROR', message: 'Internal error. Please try again.' },
  ];
  await start(world);
  world.clock.advance(600);
  await sweepRuns(world.deps);
  assert.equal(world.status(onlyRun(world))?.status, 'running');
  assert.deepEqual(world.notifier.events(), ['start-delayed']);
});

test('an instance that cannot be read is left alone', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  world.instance.powerOff();
  world.instance.readErrors = [passing()];
  await sweepRuns(world.deps);
  assert.equal(world.slot().active?.attempt, 1);
});

test('a hung VM is stopped after two proven missed heartbeats, not after one long gap between sweeps', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  await sweepRuns(world.deps);
  world.clock.advance(7200);
  await sweepRuns(world.deps);
  assert.equal(world.instance.stops, 0);
  world.clock.advance(600);
  await sweepRuns(world.deps);
  await sweepRuns(world.deps);
  assert.equal(world.instance.stops, 1);
  assert.equal(world.slot().active?.attempt, 2);
  assert.equal(world.notifier.events().join(), 'retrying');
});

test('an orphan VM is reported, then stopped; a hold label keeps it on', async () => {
  const world = await World.create();
  world.instance.boot();
  await sweepRuns(world.deps);
  world.instance.labels = { 'vicinity-hold': 'true' };
  world.clock.advance(3600);
  await sweepRuns(world.deps);
  assert.equal(world.instance.status, 'RUNNING');
  world.instance.labels = {};
  await sweepRuns(world.deps);
  world.clock.advance(600);
  await sweepRuns(world.deps);
  assert.equal(world.instance.status, 'TERMINATED');
  assert.deepEqual(world.notifier.events(), ['orphan-vm']);
});

test('a label that is there at the start is told to the guest, and its end as well; a value of a person stays', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  world.instance.labels = { 'vicinity-hold': 'true' };
  await start(world);
  assert.equal(world.instance.metadata.VICINITY_HOLD, 'label');
  world.instance.labels = {};
  world.instance.powerOff();
  await sweepRuns(world.deps);
  assert.equal(world.slot().active?.attempt, 2);
  assert.equal(world.instance.metadata.VICINITY_HOLD, '');
  world.instance.metadata.VICINITY_HOLD = 'debugging';
  world.instance.powerOff();
  await sweepRuns(world.deps);
  assert.equal(world.instance.metadata.VICINITY_HOLD, 'debugging');
});

test('a VM whose label is gone is not held by the value that told its guest of it', async () => {
  const world = await World.create();
  world.instance.metadata.VICINITY_HOLD = 'label';
  world.instance.boot();
  await sweepRuns(world.deps);
  world.clock.advance(600);
  await sweepRuns(world.deps);
  assert.equal(world.instance.status, 'TERMINATED');
});

test('one of several functions that find an orphan VM reports it; a retry after an unknown result says so', async () => {
  const world = await World.create();
  world.instance.boot();
  await sweepRuns(world.deps);
  world.clock.advance(600);
  world.notifier.failures = [passing()];
  await Promise.allSettled([sweepRuns(world.deps), sweepRuns(world.deps)]);
  assert.equal(world.notifier.sent.length, 0);
  world.clock.advance(600);
  await Promise.allSettled([sweepRuns(world.deps), sweepRuns(world.deps)]);
  assert.deepEqual(
    world.notifier.sent.map(({ event, resend }) => ({ event, resend })),
    [{ event: 'orphan-vm', resend: true }],
  );
});

test('out of stock: the fallback machine types are tried in their order, at once', async () => {
  const world = await World.create({ fallbackMachineTypes: ['c4d-highcpu-48', 'c4d-highcpu-64'] });
  world.instance.onBoot = () => world.claim();
  const error = 'ZONE_RESOURCE_POOL_EXHAUSTED';
  world.instance.startResults = Array.from({ length: 2 }, () => ({
    started: false as const,
    error,
    message: 'None left.',
  }));
  await start(world);
  assert.equal(world.instance.machineType, 'c4d-highcpu-64');
  assert.equal(world.status(onlyRun(world))?.status, 'running');
});

test('a start that fails for an unknown reason is tried again, three times in all', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  const unknown = { started: false as const, error: 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', message: 'Busy.' };
  world.instance.startResults = [unknown, unknown];
  await start(world);
  for (let sweep = 0; sweep < 2; sweep += 1) {
    world.clock.advance(600);
    await sweepRuns(world.deps);
  }
  assert.equal(world.status(onlyRun(world))?.status, 'running');
  assert.deepEqual(world.notifier.events(), ['start-delayed']);

  const refused = await World.create();
  refused.instance.startResults = [unknown, unknown, unknown];
  await start(refused);
  for (let sweep = 0; sweep < 3; sweep += 1) {
    refused.clock.advance(600);
    await sweepRuns(refused.deps);
  }
  const { status, reason } = refused.status(onlyRun(refused)) ?? {};
  assert.deepEqual([status, reason], ['start-failed', 'Busy. (RESOURCE_IN_USE_BY_ANOTHER_RESOURCE)']);
  assert.equal(refused.instance.starts, 0);
});

test('a change that a stopping VM refuses does not end the run', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  const { instance } = world;
  const setScheduling = instance.setScheduling.bind(instance);
  instance.setScheduling = async () => {
    instance.setScheduling = setScheduling;
    throw new Error('Invalid state: the instance is stopping.');
  };
  await start(world);
  world.clock.advance(600);
  await sweepRuns(world.deps);
  assert.equal(world.status(onlyRun(world))?.status, 'running');
});

test('a start that is refused while nobody may look at the VM any more is looked at again later', async () => {
  const world = await World.create();
  const refusal = new PermissionError('The account may not.');
  world.instance.setMetadata = async () => {
    world.instance.readErrors.push(refusal);
    throw refusal;
  };
  await assert.rejects(start(world), {
    name: 'TransientError',
    message: 'The VM cannot be read. It will be checked again later.',
  });
  assert.equal(world.status(onlyRun(world))?.finishedAt, undefined);
});

test('a VM that may not be looked at keeps the slot, although the answer to its start was lost', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  const { instance } = world;
  const realStart = instance.start.bind(instance);
  instance.start = async (requestId) => {
    await realStart(requestId);
    throw passing();
  };
  await assert.rejects(start(world), { name: 'TransientError' });
  const runId = onlyRun(world);
  world.complete();
  instance.status = 'RUNNING';
  instance.readErrors = Array.from({ length: 50 }, () => new PermissionError('The account may not.'));
  await finish(world, { runId });
  assert.equal(world.status(runId)?.status, 'succeeded');
  assert.equal(world.slot().active?.runId, runId);
  instance.readErrors = [];
  instance.powerOff();
  await sweepRuns(world.deps);
  assert.equal(world.slot().active, undefined);
});

test('starts that found no machine are not counted among those after which the VM went off', async () => {
  const world = await World.create({ limits: { maxAttempts: 1 } });
  const error = 'ZONE_RESOURCE_POOL_EXHAUSTED';
  world.instance.startResults = Array.from({ length: 2 }, () => ({
    started: false as const,
    error,
    message: 'None left.',
  }));
  world.instance.onBoot = () => world.instance.powerOff();
  await start(world);
  for (let sweep = 0; sweep < 3; sweep += 1) {
    world.clock.advance(600);
    await sweepRuns(world.deps);
  }
  assert.equal(world.instance.starts, 3);
  assert.equal(
    world.status(onlyRun(world))?.reason,
    'The VM went off 3 times before its startup script took the run. No attempt is left (1 of 1).',
  );
});

test('a run past its time limit is stopped and timed out', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world, { data: { maxDuration: '1h' } });
  world.clock.advance(3600 + 2400 + 601);
  await sweepRuns(world.deps);
  await sweepRuns(world.deps);
  const { status, reason } = world.status(onlyRun(world)) ?? {};
  assert.equal(status, 'timed-out');
  assert.equal(
    reason,
    'The VM was stopped 40 min after its time limit of 1 h, without having reported an outcome.',
  );
});

test('the time limit counts from the start of the VM: the hours until a machine was in stock are not taken from the run', async () => {
  const world = await World.create();
  const error = 'ZONE_RESOURCE_POOL_EXHAUSTED';
  world.instance.startResults = [{ started: false, error, message: 'None left.' }];
  world.instance.onBoot = () => world.claim();
  await start(world, { data: { maxDuration: '1h' } });
  world.clock.advance(6000);
  await sweepRuns(world.deps);
  assert.equal(world.instance.starts, 1);
  world.clock.advance(3000);
  await sweepRuns(world.deps);
  assert.equal(world.instance.status, 'RUNNING');
  world.complete();
  await finish(world);
  assert.equal(world.status(onlyRun(world))?.status, 'succeeded');
});

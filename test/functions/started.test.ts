import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { passing, World } from '../fakes/world.ts';
import { finish, onlyRun, start } from './support.ts';

/** The start of a run, where slack.tellStart or a bot's channel asks for it. */

const TELLS = { slack: { tellStart: true } };

function told(world: World, runId: string): unknown {
  return world.objects.json(`runs/${runId}/notified/started.json`);
}

test('the start is told by a bot, by a webhook only where it is asked for', async () => {
  const cases: [slack: object, events: string[]][] = [
    [{}, []],
    [{ tellStart: true }, ['started']],
    [{ channel: '#pipeline' }, ['started']],
    [{ channel: '#pipeline', tellStart: false }, []],
  ];
  for (const [slack, events] of cases) {
    const world = await World.create({ slack });
    world.instance.onBoot = () => world.claim();
    await start(world);
    assert.deepEqual(world.notifier.events(), events, JSON.stringify(slack));
  }
});

test('it is told once, when the VM is on: the VM waits for nobody', async () => {
  const world = await World.create(TELLS);
  world.instance.onBoot = () => world.claim();
  const startsWhenTold: number[] = [];
  const notify = world.notifier.notify.bind(world.notifier);
  world.notifier.notify = async (notification) => {
    startsWhenTold.push(world.instance.starts);
    return notify(notification);
  };
  await start(world);
  await sweepRuns(world.deps);
  const runId = onlyRun(world);
  assert.deepEqual(world.notifier.events(), ['started']);
  assert.deepEqual(startsWhenTold, [1]);
  const at = world.clock.now().toISOString();
  assert.deepEqual(told(world, runId), { at, resend: false, delivered: true });
});

test('of the first run it tells the price and the limit, of the next what the former one took and cost', async () => {
  const world = await World.create({ ...TELLS, limits: { maxDuration: '10h' } });
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete({ phases: [{ name: 'make', seconds: 3600 }] });
  await finish(world, { runId });
  await start(world, { data: { requestedBy: 'ada' } });
  const [first, , second] = world.notifier.sent;
  assert.ok(first?.event === 'started' && second?.event === 'started');
  const { status: _, ...ofFirst } = first;
  assert.deepEqual(ofFirst, {
    event: 'started',
    resend: false,
    machineType: 'c4d-highcpu-32',
    provisioning: 'standard',
    dollarsPerHour: 1.25624668,
    maxSeconds: 36_000,
  });
  assert.deepEqual(second.expected, { seconds: 3600, dollars: 1.25624668 });
  assert.equal(second.status.requestedBy, 'ada');
});

test('out of stock is told first, and the start once it succeeds, with the machine that there was', async () => {
  const world = await World.create({ ...TELLS, fallbackMachineTypes: ['c4d-highcpu-48'] });
  world.instance.onBoot = () => world.claim();
  world.instance.startResults = Array.from({ length: 3 }, () => ({
    started: false as const,
    error: 'ZONE_RESOURCE_POOL_EXHAUSTED',
    message: 'None left.',
  }));
  await start(world);
  assert.deepEqual(world.notifier.events(), ['start-delayed']);
  world.clock.advance(600);
  await sweepRuns(world.deps);
  const [, started] = world.notifier.sent;
  assert.equal(started?.event === 'started' && started.machineType, 'c4d-highcpu-48');
});

test('a run that never starts tells no start', async () => {
  const world = await World.create(TELLS);
  world.instance.startResults = [{ started: false, error: 'QUOTA_EXCEEDED', message: 'No quota.' }];
  await start(world);
  assert.deepEqual(world.notifier.events(), ['finished']);
});

test('Slack down at the start: it is told later, and says that it may be a repetition', async () => {
  const world = await World.create(TELLS);
  world.instance.onBoot = () => world.claim();
  world.notifier.failures = [passing()];
  await assert.rejects(start(world), { name: 'TransientError' });
  assert.equal(world.status(onlyRun(world))?.status, 'running');
  world.clock.advance(600);
  await sweepRuns(world.deps);
  assert.deepEqual(
    world.notifier.sent.map(({ event, resend }) => [event, resend]),
    [['started', true]],
  );
});

test('Slack down until the end: only the end is told, and it is noted that it has overtaken the start', async () => {
  const world = await World.create(TELLS);
  world.instance.onBoot = () => world.claim();
  world.notifier.failures = [passing()];
  await assert.rejects(start(world), { name: 'TransientError' });
  const runId = onlyRun(world);
  world.complete();
  await finish(world, { runId });
  assert.deepEqual(world.notifier.events(), ['finished']);
  const at = world.clock.now().toISOString();
  assert.deepEqual(told(world, runId), { at, delivered: false, overtakenBy: 'finished' });
});

test('while the run goes on its message is brought up to date, which holds up nothing', async () => {
  const world = await World.create(TELLS);
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  const beat = (phase: string) => {
    const at = world.clock.now().toISOString();
    const heartbeat = { at, bootId: 'boot-1', phase, phaseStartedAt: at };
    world.objects.write(`runs/${runId}/attempt-1/heartbeat.json`, JSON.stringify(heartbeat));
  };
  beat('apt');
  await sweepRuns(world.deps);
  await sweepRuns(world.deps);
  assert.deepEqual(
    world.notifier.shown.map(({ status, phase }) => [status, phase]),
    [
      ['running', undefined],
      ['running', 'apt'],
    ],
  );
  world.notifier.showFailure = passing();
  beat('make');
  await sweepRuns(world.deps);
  assert.equal(world.status(runId)?.phase, 'make');
});

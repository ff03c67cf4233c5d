import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRun } from '../../functions/start-run/start-run.ts';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { scheduleRecordSchema } from '../../shared/schedule/record.ts';
import { passing, World } from '../fakes/world.ts';

/** The clock of a world begins on a Tuesday at 03:00. */
const schedules = { daily: { cron: '0 4 * * *', target: 'all' } };
const HOUR = 3600;

async function worldWith(config: object = { schedules }): Promise<World> {
  const world = await World.create(config);
  world.instance.onBoot = () => world.claim();
  await sweep(world);
  return world;
}

const sweep = (world: World) => sweepRuns(world.deps, world.config.schedules);
const fire = (world: World, data: object = { target: 'all' }) =>
  startRun(world.deps, world.config, world.event({ data, attributes: { schedule: 'daily' } }));
const record = (world: World) =>
  scheduleRecordSchema.parse(world.objects.json('control/schedules/daily.json'));

test('a missed scheduled run is reported once, half an hour after its time', async () => {
  const world = await worldWith();
  world.clock.advance(HOUR + 29 * 60);
  await sweep(world);
  assert.deepEqual(world.notifier.sent, []);
  world.clock.advance(60);
  await sweep(world);
  await sweep(world);
  assert.deepEqual(world.notifier.sent, [
    {
      event: 'missed-schedule',
      schedule: 'daily',
      due: '2026-11-24T04:00:00.000Z',
      region: 'us-east4',
      resend: false,
    },
  ]);
  assert.equal(record(world).checkedUntil, '2026-11-24T04:00:00.000Z');
});

test('of several firings that were missed, people hear of the last', async () => {
  const world = await worldWith();
  world.clock.advance(50 * HOUR);
  await sweep(world);
  assert.deepEqual(
    world.notifier.sent.map((sent) => 'due' in sent && sent.due),
    ['2026-11-26T04:00:00.000Z'],
  );
});

test('a run that came, on time or late, is not missed; nor is one that was refused, which has a notification of its own', async () => {
  for (const data of [{ target: 'all' }, { target: 'nonsense' }]) {
    const world = await worldWith();
    world.clock.advance(HOUR + 7 * 60);
    await fire(world, data);
    world.clock.advance(HOUR);
    await sweep(world);
    assert.ok(!world.notifier.events().includes('missed-schedule'), data.target);
  }
});

test('what was due before the schedule was known, or changed, is not missed', async () => {
  const world = await worldWith();
  world.clock.advance(HOUR);
  const changed = await World.create({ schedules: { daily: { cron: '30 3 * * *' } } });
  world.clock.advance(HOUR);
  await sweepRuns(world.deps, changed.config.schedules);
  await sweepRuns(world.deps, changed.config.schedules);
  assert.deepEqual(world.notifier.sent, []);
  assert.equal(record(world).checkedUntil, '2026-11-24T05:00:00.000Z');
});

test('nothing is missed while a schedule is paused', async () => {
  const world = await worldWith();
  const paused = { ...record(world), paused: { at: '2026-11-24T03:00:00.000Z' } };
  await world.objects.put('control/schedules/daily.json', JSON.stringify(paused));
  world.clock.advance(2 * HOUR);
  await sweep(world);
  assert.deepEqual(world.notifier.sent, []);
});

test('where Slack cannot be reached, a later sweep reports it, and says that it may be a repetition', async () => {
  const world = await worldWith();
  world.clock.advance(2 * HOUR);
  world.notifier.failures = [passing()];
  await assert.rejects(sweep(world), /A fault on demand/);
  world.clock.advance(600);
  await sweep(world);
  await sweep(world);
  assert.deepEqual(
    world.notifier.sent.map(({ event, resend }) => [event, resend]),
    [['missed-schedule', true]],
  );
});

test('of two sweeps at once one reports a missed run', async () => {
  const world = await worldWith();
  world.clock.advance(2 * HOUR);
  await Promise.all([sweep(world), sweep(world)]);
  assert.deepEqual(world.notifier.events(), ['missed-schedule']);
});

test('a job that is fired by hand after its run was accepted starts a run of its own', async () => {
  const world = await worldWith();
  world.clock.advance(HOUR);
  await fire(world);
  world.clock.advance(60);
  await fire(world);
  assert.equal(world.runIds().length, 1);
  world.clock.advance(10 * 60);
  const byHand = world.event({ data: { target: 'all' }, attributes: { schedule: 'daily' } });
  await startRun(world.deps, world.config, byHand);
  await startRun(world.deps, world.config, byHand);
  assert.equal(world.runIds().length, 2);
});

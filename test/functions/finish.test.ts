import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishRun } from '../../functions/finish-run/finish-run.ts';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { passing, World } from '../fakes/world.ts';
import { finish, onlyRun, start } from './support.ts';

/** How a run ends: what is recorded, judged and told. */

test('a finished run is recorded, notified once, and frees the slot when its VM is off', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete({ workers: 3 });
  await finish(world, { runId, attempt: 1 });
  await finish(world, { runId, attempt: 1 });
  assert.deepEqual(world.notifier.events(), ['finished']);
  const { status, verdict, vm, phases, workers } = world.status(runId) ?? {};
  assert.deepEqual(
    { status, verdict, phases, workers },
    { status: 'succeeded', verdict: 'ok', phases: [{ name: 'make', seconds: 60 }], workers: 3 },
  );
  assert.deepEqual(vm, {
    instance: 'vicinity-batch',
    zone: 'us-east4-c',
    machineType: 'c4d-highcpu-32',
    onSeconds: 60,
    stoppedBy: 'startup-script',
    terminatedSeenAt: world.clock.now().toISOString(),
  });
  assert.equal(world.slot().active, undefined);
  assert.equal(
    (world.objects.json('results/latest.json') as { d_anchor_category: { runId: string } }).d_anchor_category
      .runId,
    runId,
  );
  assert.deepEqual(world.objects.json(`results/${runId}/summary.json`)?.status, 'succeeded');
});

for (const [cause, status] of [
  ['time-limit', 'timed-out'],
  ['provisioning', 'failed'],
  ['exit', 'failed'],
] as const)
  test(`a run whose attempt ended with exit code 124 and the cause ${cause} is ${status}`, async () => {
    const world = await World.create();
    world.instance.onBoot = () => world.claim();
    await start(world);
    const runId = onlyRun(world);
    world.complete({
      outcome: 'failed',
      cause,
      exitCode: 124,
      phase: 'python',
      reason: 'pip cannot install x',
    });
    await finish(world, { runId, attempt: 1 });
    const recorded = world.status(runId);
    const reason =
      cause === 'time-limit'
        ? 'Stopped at its limit of 20 h (maxDuration), in phase python.'
        : 'pip cannot install x';
    assert.deepEqual([recorded?.status, recorded?.cause, recorded?.reason], [status, cause, reason]);
  });

test('a lost completion message is made good by the sweep', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  world.complete();
  await sweepRuns(world.deps);
  assert.equal(world.status(onlyRun(world))?.status, 'succeeded');
  assert.equal(world.slot().active, undefined);
});

/** A run that has ended while Slack is down. */
async function endedUntold(): Promise<{ world: World; runId: string }> {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete();
  world.notifier.failures = [passing()];
  await assert.rejects(finish(world, { runId }), { name: 'TransientError' });
  return { world, runId };
}

test('Slack down: the run is recorded and the next starts all the same; the message follows later', async () => {
  const { world, runId } = await endedUntold();
  assert.equal(world.status(runId)?.status, 'succeeded');
  assert.equal(world.slot().active, undefined);
  world.clock.advance(600);
  await sweepRuns(world.deps);
  assert.deepEqual(
    world.notifier.sent.map(({ event, resend }) => ({ event, resend })),
    [{ event: 'finished', resend: true }],
  );
});

test('Slack down when a sweep sees the VM off: the closing message follows later', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  world.complete();
  world.instance.status = 'RUNNING';
  await sweepRuns(world.deps);
  assert.deepEqual(world.notifier.events(), ['finished']);
  world.instance.powerOff();
  world.notifier.failures = [passing()];
  await assert.rejects(sweepRuns(world.deps), { name: 'TransientError' });
  assert.equal(world.slot().active, undefined);
  world.clock.advance(600);
  await sweepRuns(world.deps);
  assert.deepEqual(world.notifier.events(), ['finished', 'vm-off']);
});

test('Slack is back: of the functions that look at it at once, one tells', async () => {
  const { world, runId } = await endedUntold();
  world.clock.advance(600);
  await Promise.allSettled([sweepRuns(world.deps), finish(world, { runId }), sweepRuns(world.deps)]);
  assert.deepEqual(
    world.notifier.sent.map(({ event }) => event),
    ['finished'],
  );
});

test('success without its objects is a failure', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  const name = `results/${runId}/data/d_anchor_category/parks.csv`;
  world.complete({ manifest: [{ name, bytes: 5, crc32c: 'AAAAAA==' }] });
  await finish(world, { runId });
  const { status, reason } = world.status(runId) ?? {};
  assert.equal(status, 'failed');
  assert.equal(reason, `The job ended well, but 1 uploaded object did not arrive intact: ${name}.`);
});

test('exit 0 with warnings, errors or a missing output is suspect', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete({ warnings: 2, errors: 1, outputs: [] });
  await finish(world, { runId });
  const { status, verdict, reason } = world.status(runId) ?? {};
  assert.deepEqual({ status, verdict }, { status: 'succeeded', verdict: 'suspect' });
  assert.equal(
    reason,
    'output data/d_anchor_category is missing or empty; 1 [error] line in build.log; 2 [warn] lines in build.log.',
  );
  assert.equal(world.objects.json('results/latest.json'), undefined);
});

test('a run that touched none of its outputs is suspect, and not the latest good one', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete({ untouched: ['data/d_anchor_category'] });
  await finish(world, { runId });
  const { status, verdict, reason } = world.status(runId) ?? {};
  assert.deepEqual(
    { status, verdict, reason },
    {
      status: 'succeeded',
      verdict: 'suspect',
      reason: 'nothing was made: the run did not touch data/d_anchor_category.',
    },
  );
  assert.equal(world.objects.json('results/latest.json'), undefined);
});

test('a completion message that names no run, or an unknown one, does no harm', async () => {
  const world = await World.create();
  await finish(world, { runId: '20260101-000000-0000' });
  await finishRun(world.deps, { data: 'garbage' });
  assert.deepEqual(world.notifier.events(), []);
});

test('the summary of a run tells how hard its machine worked', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  const header =
    'time,phase,usr,sys,wa,idle,irq,soft,steal,runq,blocked,mem_total_kib,mem_free_kib,mem_available_kib,swap_used_kib';
  const row = '2026-11-24T03:00:30Z,make,85,5,1,9,0,0,0,30,0,1000,100,250,0';
  world.objects.write(`results/${runId}/telemetry.csv`, `${header}\n${row}\n`);
  world.complete();
  await finish(world);
  const measured = {
    samples: 1,
    cpu: { average: 90, peak: 90 },
    iowait: { average: 1, peak: 1 },
    runQueue: { average: 30, peak: 30 },
    memoryUsedBytes: { average: 768_000, peak: 768_000 },
  };
  const { samples, ...load } = measured;
  assert.deepEqual(world.objects.json(`results/${runId}/summary.json`)?.telemetry, {
    samples,
    memoryTotalBytes: 1_024_000,
    ...load,
    phases: [{ phase: 'make', samples, ...load }],
  });
});

test('of a VM that died, the console tells how hard it worked', async () => {
  const world = await World.create({ limits: { maxAttempts: 1 } });
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.instance.serialOutput = async () =>
    'starting make all\n[telemetry][cpu] interval=5s cpu=all usr=80.00% sys=10.00% wa=4.00% idle=6.00%\n';
  world.clock.advance(600);
  world.instance.powerOff();
  await sweepRuns(world.deps);
  const { status, telemetry } = world.objects.json(`results/${runId}/summary.json`) as {
    status: string;
    telemetry: { phases: object[] };
  };
  assert.equal(status, 'lost');
  assert.deepEqual(telemetry.phases, [
    { phase: 'make', samples: 1, cpu: { average: 90, peak: 90 }, iowait: { average: 4, peak: 4 } },
  ]);
});

test('a status or a pointer that cannot be read is written anew, and holds up nothing', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.objects.write(`runs/${runId}/status.json`, 'garbled');
  world.objects.write('results/latest.json', 'garbled');
  world.complete();
  await finish(world, { runId });
  assert.equal(world.status(runId)?.status, 'succeeded');
  assert.deepEqual(Object.keys(world.objects.json('results/latest.json') ?? {}), ['d_anchor_category']);
  assert.equal(world.slot().active, undefined);
});

test('a run whose records cannot be read is passed over, and holds up no other', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.objects.write('runs/20261124-010000-dead/spec.json', 'garbled');
  world.complete();
  await sweepRuns(world.deps);
  assert.equal(world.status(runId)?.status, 'succeeded');
  assert.match(
    world.log.join(),
    /gs:\/\/memory\/runs\/20261124-010000-dead\/spec\.json does not match its schema/,
  );
});

test('an end that nobody heard of is reported by the daily sweep, however old it is', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete();
  world.notifier.failures = [passing()];
  await assert.rejects(finish(world, { runId }));
  world.clock.advance(30 * 86_400);
  await sweepRuns(world.deps);
  assert.deepEqual(world.notifier.events(), []);
  await sweepRuns(world.deps, {}, world.event({ attributes: { action: 'retire' } }));
  assert.deepEqual(
    world.notifier.sent.map(({ event, resend }) => [event, resend]),
    [['finished', true]],
  );
});

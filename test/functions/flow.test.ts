import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishRun } from '../../functions/finish-run/finish-run.ts';
import { startRun } from '../../functions/start-run/start-run.ts';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { PermissionError } from '../../shared/errors.ts';
import { latestStateName, savedStateName } from '../../shared/model/layout.ts';
import { passing, World } from '../fakes/world.ts';

const start = (world: World, message: Parameters<World['event']>[0] = {}) =>
  startRun(world.deps, world.config, world.event(message));
const finish = (world: World, data: object = {}) => finishRun(world.deps, world.event({ data }));
const onlyRun = (world: World) => {
  const [runId = '', ...more] = world.runIds();
  assert.deepEqual(more, []);
  return runId;
};

test('an empty message runs the default target, and the VM is told everything it needs', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  assert.match(runId, /^20261124-030000-[0-9a-f]{4}$/);
  assert.equal(world.status(runId)?.status, 'running');
  const { RUN_SPEC = '', ...metadata } = world.instance.metadata;
  assert.deepEqual(metadata, {
    'ssh-keys': 'kept',
    RUN_ID: runId,
    ATTEMPT: '1',
    BUCKET: 'memory',
    SRC_TARBALL: `gs://memory/src/${world.sha256}.tar.gz`,
    RESULTS_PREFIX: `gs://memory/results/${runId}`,
    TARGET: 'd_anchor_category',
    THREADS: '1',
    WORKERS: '',
    TELEMETRY_INTERVAL: '5',
  });
  assert.equal(JSON.parse(RUN_SPEC).maxSeconds, 72_000);
  assert.equal(world.instance.maxRunSeconds, 72_000 + 2400);
});

test('attributes alone ask for a run as well; unknown upper-case ones are parameters', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world, {
    attributes: { target: 'all', WORKERS: '48', machineType: 'c4d-highcpu-96', maxDuration: '2h' },
  });
  assert.equal(world.instance.metadata.TARGET, 'all');
  assert.equal(world.instance.metadata.WORKERS, '48');
  assert.equal(world.instance.machineType, 'c4d-highcpu-96');
  assert.equal(world.instance.maxRunSeconds, 7200 + 2400);
});

test('a finished run is recorded, told once, and frees the slot when its VM is off', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete();
  await finish(world, { runId, attempt: 1 });
  await finish(world, { runId, attempt: 1 });
  assert.deepEqual(world.notifier.events(), ['finished']);
  const { status, verdict, vm, phases } = world.status(runId) ?? {};
  assert.deepEqual(
    { status, verdict, phases },
    { status: 'succeeded', verdict: 'ok', phases: [{ name: 'make', seconds: 60 }] },
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

test('a second request waits, is told so, and starts when the first is done', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world, { data: { target: 'd_anchor_category' } });
  await start(world, { data: { target: 'all' } });
  const { active, queue } = world.slot();
  const [second = ''] = queue.map((entry) => entry.runId);
  assert.equal(world.status(second)?.status, 'queued');
  assert.equal(world.status(second)?.queuePosition, 1);
  assert.deepEqual(world.notifier.events(), ['queued']);
  world.complete();
  await finish(world, { runId: active?.runId });
  assert.equal(world.slot().active?.runId, second);
  assert.equal(world.instance.metadata.TARGET, 'all');
  assert.equal(world.status(second)?.status, 'running');
});

test('onBusy: skip ends the request at once, and says why', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const first = onlyRun(world);
  await start(world, { data: { target: 'all', onBusy: 'skip' } });
  const skipped = world.runIds().find((runId) => runId !== first) ?? '';
  assert.equal(world.status(skipped)?.status, 'cancelled');
  assert.equal(
    world.status(skipped)?.reason,
    `Skipped, because ${first} holds the VM and the request says onBusy: skip.`,
  );
});

test('the same message twice, or the same requestId at another time, is one run', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world, { messageId: '77' });
  await start(world, { messageId: '77' });
  assert.equal(world.runIds().length, 1);
  await start(world, { data: { requestId: 'mine' } });
  world.clock.advance(600);
  await start(world, { data: { requestId: 'mine' } });
  assert.equal(world.runIds().length, 2);
  assert.equal(world.slot().queue.length, 1);
  assert.equal(world.instance.starts, 1);
});

test('a refused request is recorded and told once, and nothing is started', async () => {
  const world = await World.create();
  await start(world, { data: { target: 'all; rm -rf /' }, messageId: '5' });
  await start(world, { data: { target: 'all; rm -rf /' }, messageId: '5' });
  const rejected = world.objects.json('rejected/5.json');
  assert.deepEqual(rejected?.faults, [
    {
      field: 'target',
      problem: 'must be one make target: letters, digits and . _ / - only',
      remedy: 'Correct it and publish the request again.',
    },
  ]);
  assert.equal(rejected?.told, true);
  assert.deepEqual(world.notifier.events(), ['rejected']);
  assert.equal(world.instance.starts, 0);
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

test('a VM that dies in mid-run leads to another attempt, and people are told', async () => {
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
  assert.deepEqual(world.notifier.events(), ['retrying', 'finished']);
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

test('cancelling a waiting run takes it out of the queue', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  await start(world, { data: { target: 'all' } });
  const waiting = world.slot().queue[0]?.runId ?? '';
  await start(world, { data: { action: 'cancel', runId: waiting, requestedBy: 'ada' } });
  assert.equal(world.status(waiting)?.status, 'cancelled');
  assert.equal(world.status(waiting)?.reason, 'Cancelled by ada.');
  assert.deepEqual(world.slot().queue, []);
});

test('cancelling a running one stops its VM and frees the slot', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  await start(world, { data: { action: 'cancel', runId } });
  assert.equal(world.instance.stops, 1);
  await sweepRuns(world.deps);
  assert.equal(world.status(runId)?.status, 'cancelled');
  assert.equal(world.slot().active, undefined);
});

test('Slack down: the run is recorded and the next starts all the same; the message follows later', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete();
  world.notifier.failures = [passing()];
  await assert.rejects(finish(world, { runId }), { name: 'TransientError' });
  assert.equal(world.status(runId)?.status, 'succeeded');
  assert.equal(world.slot().active, undefined);
  world.clock.advance(600);
  await sweepRuns(world.deps);
  assert.deepEqual(
    world.notifier.sent.map(({ event, resend }) => ({ event, resend })),
    [{ event: 'finished', resend: true }],
  );
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
    'output data/d_anchor_category is missing; 1 [error] line in build.log; 2 [warn] lines in build.log.',
  );
  assert.equal(world.objects.json('results/latest.json'), undefined);
});

test('a completion message that names no run, or an unknown one, does no harm', async () => {
  const world = await World.create();
  await finish(world, { runId: '20260101-000000-0000' });
  await finishRun(world.deps, { data: 'garbage' });
  assert.deepEqual(world.notifier.events(), []);
});

test('cancelling what is not accepted yet, by its request id, ends it before it starts', async () => {
  const world = await World.create();
  await start(world, { data: { action: 'cancel', requestId: 'later', requestedBy: 'ada' } });
  await start(world, { data: { requestId: 'later' } });
  assert.equal(world.status(onlyRun(world))?.status, 'cancelled');
  assert.equal(world.instance.starts, 0);
});

test('cancelling what has ended changes nothing, and people are told that it is too late', async () => {
  const world = await World.create();
  world.instance.onBoot = () => world.claim();
  await start(world);
  const runId = onlyRun(world);
  world.complete();
  await finish(world, { runId });
  await start(world, { data: { action: 'cancel', runId } });
  assert.equal(world.status(runId)?.status, 'succeeded');
  assert.deepEqual(world.notifier.events(), ['finished', 'cancel-too-late']);
});

test('cancelling a starting run takes the attempt back from the VM that boots for it', async () => {
  const world = await World.create();
  await start(world);
  const runId = onlyRun(world);
  assert.equal(world.status(runId)?.status, 'starting');
  await start(world, { data: { action: 'cancel', runId } });
  assert.equal(world.status(runId)?.status, 'cancelled');
  assert.deepEqual(world.objects.json(`runs/${runId}/attempt-1/claim.json`)?.by, 'control-plane');
});

test('a hung VM is stopped after two proven silences, not after one long gap between sweeps', async () => {
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

test('a VM that is on without a run is told of, then stopped; a hold label keeps it on', async () => {
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
  assert.deepEqual(world.notifier.events(), ['stray-vm']);
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

test('a start that is refused while nobody may look at the VM any more is looked at again later', async () => {
  const world = await World.create();
  const refusal = new PermissionError('The account may not.');
  world.instance.setMetadata = async () => {
    world.instance.readErrors.push(refusal);
    throw refusal;
  };
  await assert.rejects(start(world), {
    name: 'TransientError',
    message: 'The VM cannot be read any more. Looked at again later.',
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
  assert.equal(reason, 'The VM was stopped at its time limit of 6000 s without having reported an outcome.');
});

test('a waiting run that is too old expires; a run whose objects are gone frees its place', async () => {
  const world = await World.create({ limits: { maxAge: '1h' } });
  world.instance.onBoot = () => world.claim();
  await start(world);
  await start(world, { data: { target: 'all' } });
  const waiting = world.slot().queue[0]?.runId ?? '';
  world.clock.advance(3601);
  await sweepRuns(world.deps);
  assert.equal(world.status(waiting)?.status, 'expired');
  assert.deepEqual(world.slot().queue, []);
});

test('a run that goes on shows its progress, and when it will end by its pace or by the last good run', async () => {
  const world = await World.create({
    targets: {
      d_anchor_category: { progress: '(?<done>\\d+) of (?<total>\\d+)', outputs: ['data/d_anchor_category'] },
    },
  });
  world.instance.onBoot = () => world.claim();
  await start(world);
  const former = onlyRun(world);
  world.complete();
  await finish(world);
  await start(world);
  const runId = world.runIds().find((id) => id !== former) ?? '';
  assert.deepEqual(world.objects.json(`runs/${runId}/spec.json`)?.former, {
    runId: former,
    phases: [{ name: 'make', seconds: 60 }],
  });
  assert.equal(
    JSON.parse(world.instance.metadata.RUN_SPEC ?? '').progress,
    '(?<done>\\d+) of (?<total>\\d+)',
  );
  const claimedAt = world.clock.now().getTime();
  const time = (seconds: number) => new Date(claimedAt + seconds * 1000).toISOString().replace(/\.\d+Z/, 'Z');
  assert.deepEqual(world.status(runId)?.estimate, { finishAt: time(60), basis: 'former-run' });

  const progress = { fraction: 0.25, done: 1, total: 4, at: time(20), since: time(10), sinceFraction: 0 };
  const heartbeat = { at: time(20), bootId: 'boot-1', phase: 'make', phaseStartedAt: time(5), progress };
  world.objects.write(`runs/${runId}/attempt-1/heartbeat.json`, JSON.stringify(heartbeat));
  await sweepRuns(world.deps);
  const { phase, progress: shown, estimate } = world.status(runId) ?? {};
  assert.deepEqual(
    { phase, shown, estimate },
    { phase: 'make', shown: progress, estimate: { finishAt: time(50), basis: 'progress' } },
  );

  world.complete();
  await finish(world);
  assert.equal(world.status(runId)?.progress, undefined);
  assert.equal(world.status(runId)?.estimate, undefined);
});

test('Spot capacity: the run goes on after a preemption, its last attempt on standard, and its Spot time is told', async () => {
  const world = await World.create({ vm: { provisioning: 'spot' }, limits: { maxAttempts: 2 } });
  const spot: boolean[] = [];
  world.instance.onBoot = () => {
    spot.push(world.instance.isSpot);
    world.claim();
  };
  await start(world);
  const runId = onlyRun(world);
  world.clock.advance(600);
  world.instance.powerOff();
  await sweepRuns(world.deps);
  world.complete();
  await finish(world);
  assert.deepEqual(spot, [true, false]);
  const { vm, attempt } = world.status(runId) as { vm: object; attempt: number };
  assert.deepEqual({ ...vm, attempt }, { ...vm, attempt: 2, onSeconds: 660, spotSeconds: 600 });
});

test('the state of a good run is what the next one begins with; one that is doubtful or late moves nothing', async () => {
  const world = await World.create({
    targets: { 'a/b': { outputs: ['out'], state: 'carry', statePaths: ['build/'], checkpointEvery: '5m' } },
    defaultTarget: 'a/b',
  });
  world.instance.onBoot = () => world.claim();
  const saved = (runId: string) => ({ name: savedStateName('a/b', runId, 1), files: 3, bytes: 12 });
  const run = async (changes: object, seconds: number) => {
    await start(world);
    const runId = world.runIds().at(-1) ?? '';
    world.complete({
      outputs: [{ path: 'out', objects: 1, bytes: 1 }],
      state: { saved: saved(runId) },
      ...changes,
    });
    await finish(world);
    world.clock.advance(seconds);
    return runId;
  };
  const first = await run({}, 60);
  assert.deepEqual(JSON.parse(world.instance.metadata.RUN_SPEC ?? '').state, {
    paths: ['build'],
    checkpointSeconds: 300,
  });
  assert.equal(world.objects.json('state/a~b/latest.json')?.name, `state/a~b/${first}/attempt-1.json`);
  await run({ errors: 1 }, 60);
  assert.equal(world.objects.json('state/a~b/latest.json')?.runId, first);
  const third = await run({}, 60);
  assert.equal(world.objects.json(latestStateName('a/b'))?.runId, third);
  assert.deepEqual(world.status(third)?.state, { saved: saved(third) });
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

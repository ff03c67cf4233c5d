import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finalName, outcomeName } from '../../shared/model/layout.ts';
import { readSlot } from '../../shared/records/slot-store.ts';
import { eventually, type System, startSystem } from './harness.ts';
import { skipBackoffs, skipBoots, stubStartup } from './stub.ts';

/**
 * The real function bundles, killed by SIGKILL once the local cloud has answered their n-th call, for every n of a whole run.
 * Redelivery alone must bring each run to its right end. By default every thirteenth n is taken; with VICINITY_CRASH_SWEEP=all, each.
 */
const STRIDE = process.env.VICINITY_CRASH_SWEEP === 'all' ? 1 : 13;

const COURSES = [
  { name: 'start-run', workSeconds: 0, loseCompletion: false },
  { name: 'finish-run', workSeconds: 0, loseCompletion: false },
  // The VM works until start-run has come to rest, and nobody hears that it is done: so the end is the sweep's work.
  { name: 'sweep-runs', workSeconds: 2, loseCompletion: true },
];
type Course = (typeof COURSES)[number];

for (const course of COURSES) {
  test(`${course.name} may die at any of its calls`, async (t) => {
    await using system = await startSystem({ startup: stubStartup(course.workSeconds) });
    skipBoots(system.cloud);
    skipBackoffs(system.cloud);
    const counts = countTroubles(system);
    let kills = 0;
    // How many calls a run takes differs a little: the end is where n is not reached twice.
    for (let n = 0, missed = 0; missed < 2; n += STRIDE) {
      const began = performance.now();
      Object.assign(counts, { crashes: 0, refusals: 0 });
      const runId = await runWithCrash(system, course, n).catch((cause) => {
        throw new Error(`${course.name}, killed after its call ${n}`, { cause });
      });
      const crashed = counts.crashes > 0;
      kills += crashed ? 1 : 0;
      missed = crashed ? 0 : missed + 1;
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const ending = crashed ? `killed, redeliveries: ${counts.refusals}` : 'not reached';
      t.diagnostic(`${course.name} n=${n} ${runId} ${ending}, succeeded, ${seconds} s`);
    }
    // Otherwise nothing has been killed in mid-work, and the test proves nothing.
    assert.ok(kills >= 4, `${course.name} was killed ${kills} times only`);
  });
}

/** Counts functions that died over an event, and deliveries refused. */
function countTroubles({ cloud }: System): { crashes: number; refusals: number } {
  const counts = { crashes: 0, refusals: 0 };
  cloud.onActivity((activity) => {
    if (activity.kind === 'function' && activity.event.status === 503) counts.crashes += 1;
    if (activity.kind === 'delivery' && activity.event.kind === 'nacked') counts.refusals += 1;
  });
  return counts;
}

/** One run in which the function dies after so many calls, if it makes as many; seen to its right end. */
async function runWithCrash(system: System, course: Course, calls: number): Promise<string> {
  const { cloud, objects, pipeline } = system;
  const dying = cloud.functions.get(course.name);
  dying.crashAfter(calls);
  if (course.loseCompletion) loseCompletion(system);
  const runId = await system.runOf(await system.publish('vicinity-run', { data: { target: 'bare' } }));
  if (course.loseCompletion) await sweepAfter(system, runId);
  const status = await system.finished(runId);
  await eventually('the slot free', async () =>
    (await readSlot(objects, cloud.config.instance)).slot.active ? undefined : true,
  );
  await eventually('every message answered', async () =>
    cloud.functions.states().every(({ eventsUnderWay }) => eventsUnderWay === 0) ? true : undefined,
  );
  dying.crashAfter(Number.POSITIVE_INFINITY);

  assert.deepEqual([status.status, status.verdict, status.attempt], ['succeeded', 'ok', 1]);
  assert.ok(await objects.stat(finalName(runId)));
  const executions = pipeline.executions().filter((line) => line.includes(runId));
  assert.deepEqual(executions, [`bare ${runId} 1`]);
  assert.ok(system.slack(runId).some((text) => text.includes('bare succeeded')));
  assert.equal(cloud.compute.store.get(cloud.config.zone, cloud.config.instance).status, 'TERMINATED');
  return runId;
}

function loseCompletion({ cloud }: System): void {
  cloud.faults.clear();
  cloud.faults.add({ operation: 'pubsub.deliver', kind: 'lose', times: 1, urlContains: 'finish-run' });
}

async function sweepAfter({ objects, publish, vmOff }: System, runId: string): Promise<void> {
  await eventually(`the outcome of ${runId}`, () => objects.stat(outcomeName(runId, 1)));
  await vmOff();
  await publish('vicinity-sweep', { data: {} });
}

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { finalName, outcomeName } from '../../shared/model/layout.ts';
import { readSlot } from '../../shared/reconcile/slot-store.ts';
import { eventually, startSystem } from './harness.ts';
import { skipBackoffs, skipBoots, stubStartup } from './stub.ts';

/**
 * The real function bundles, killed by SIGKILL once the local cloud has answered their n-th call, for every n of a whole run.
 * Redelivery alone must bring each run to its right end. By default every seventh n is taken; with VICINITY_CRASH_SWEEP=all, each.
 */
const STRIDE = process.env.VICINITY_CRASH_SWEEP === 'all' ? 1 : 7;

const system = await startSystem({ startup: stubStartup() });
const { cloud, objects, pipeline } = system;
skipBoots(cloud);
skipBackoffs(cloud);
after(() => system[Symbol.asyncDispose]());

/** Answers of the functions and deliveries refused, since the last run began. */
let crashes = 0;
let refusals = 0;
cloud.onActivity((activity) => {
  if (activity.kind === 'function' && activity.event.status === 503) crashes += 1;
  if (activity.kind === 'delivery' && activity.event.kind === 'nacked') refusals += 1;
});

for (const name of ['start-run', 'finish-run', 'sweep-runs']) {
  test(`${name} may die at any of its calls`, async (t) => {
    let kills = 0;
    // How many calls a run takes differs a little: the end is where n is not reached twice.
    for (let n = 0, missed = 0; missed < 2; n += STRIDE) {
      const began = performance.now();
      const { runId, crashed, redeliveries } = await runWithCrash(name, n).catch((cause) => {
        throw new Error(`${name}, killed after its call ${n}`, { cause });
      });
      kills += crashed ? 1 : 0;
      missed = crashed ? 0 : missed + 1;
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const ending = crashed ? `killed, redeliveries: ${redeliveries}` : 'not reached';
      t.diagnostic(`${name} n=${n} ${runId} ${ending}, succeeded, ${seconds} s`);
    }
    // Otherwise nothing has been killed in mid-work, and the test proves nothing.
    assert.ok(kills >= 4, `${name} was killed ${kills} times only`);
  });
}

/** One run in which the function dies after so many calls, if it makes as many; seen to its right end. */
async function runWithCrash(name: string, calls: number) {
  crashes = 0;
  refusals = 0;
  cloud.functions.get(name).crashAfter(calls);
  if (name === 'sweep-runs') loseCompletion();
  const runId = await system.runOf(await system.publish('vicinity-run', { data: { target: 'bare' } }));
  if (name === 'sweep-runs') await sweepAfter(runId);
  const status = await system.finished(runId);
  await eventually('the slot free', async () =>
    (await readSlot(objects, cloud.config.instance)).slot.active ? undefined : true,
  );
  await eventually('every message answered', async () =>
    cloud.functions.states().every(({ eventsUnderWay }) => eventsUnderWay === 0) ? true : undefined,
  );
  cloud.functions.get(name).crashAfter(Number.POSITIVE_INFINITY);

  assert.deepEqual([status.status, status.verdict, status.attempt], ['succeeded', 'ok', 1]);
  assert.ok(await objects.stat(finalName(runId)));
  assert.deepEqual(executionsOf(runId), [`bare ${runId} 1`]);
  assert.ok(system.slack(runId).some((text) => text.includes('bare succeeded')));
  assert.equal(cloud.compute.store.get(cloud.config.zone, cloud.config.instance).status, 'TERMINATED');
  return { runId, crashed: crashes > 0, redeliveries: refusals };
}

/** So that it is the sweep's work to finish the run. */
function loseCompletion(): void {
  cloud.faults.clear();
  cloud.faults.add({ operation: 'pubsub.deliver', kind: 'lose', times: 1, urlContains: 'finish-run' });
}

async function sweepAfter(runId: string): Promise<void> {
  await eventually(`the outcome of ${runId}`, () => objects.stat(outcomeName(runId, 1)));
  await eventually('the VM off', async () =>
    cloud.compute.store.get(cloud.config.zone, cloud.config.instance).status === 'TERMINATED'
      ? true
      : undefined,
  );
  await system.publish('vicinity-sweep', { data: {} });
}

function executionsOf(runId: string): string[] {
  return pipeline.executions().filter((line) => line.includes(runId));
}

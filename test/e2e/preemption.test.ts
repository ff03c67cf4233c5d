import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, startSystem } from './harness.ts';

/** The whole system in process mode, on Spot capacity that is taken back. */
const system = await startSystem();
const { cloud, pipeline } = system;
after(() => system[Symbol.asyncDispose]());

const instance = () => cloud.compute.store.get(cloud.config.zone, cloud.config.instance);
const timesRun = (target: string) => pipeline.executions().filter((executed) => executed === target).length;

test('a preempted run goes on where it was, and its state serves the next run', async () => {
  const ask = () => system.publish('vicinity-run', { data: { target: 'carries' } });
  const runId = await system.runOf(await ask());
  // The first step is done, and was not being written when that was last looked at.
  await eventually('the second step', async () => (timesRun('carries') ? true : undefined));
  const begun = Date.now();
  await eventually('a look at what is written', async () => Date.now() - begun > 12_000 || undefined);
  assert.equal(instance().scheduling.provisioningModel, 'SPOT');
  cloud.compute.preempt(cloud.config.zone, cloud.config.instance);
  await system.vmOff();
  await system.publish('vicinity-sweep', { data: {} });
  const status = await system.finished(runId);
  assert.deepEqual([status.status, status.attempt], ['succeeded', 2]);
  assert.deepEqual([timesRun('first'), timesRun('carries')], [1, 2]);
  assert.equal(status.state?.restored?.from, `state/carries/${runId}/checkpoint.json`);
  assert.ok((status.vm.spotSeconds ?? 0) >= 12, JSON.stringify(status.vm));
  assert.match(system.slack(runId).join('\n'), /The VM went off without reporting an outcome/);

  const next = await system.finished(await system.runOf(await ask()));
  assert.equal(next.state?.restored?.runId, runId);
  assert.deepEqual([timesRun('first'), timesRun('carries')], [1, 3]);
});

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { TOPICS, topicName } from '../../shared/model/topics.ts';
import { eventually, startSystem } from './harness.ts';

/** The whole system in process mode, when something goes wrong on the way. */
const system = await startSystem();
const { cloud, pipeline } = system;
after(() => system[Symbol.asyncDispose]());
beforeEach(() => cloud.faults.clear());

const ask = (target: string, more: object = {}) =>
  system.publish('vicinity-run', { data: { target, ...more } });
const sweep = () => system.publish('vicinity-sweep', { data: {} });
const timesRun = (target: string) => pipeline.executions().filter((executed) => executed === target).length;

/** Kills the function once it has made so many calls; resolves when that has happened. */
function crash(name: string, afterCalls: number): Promise<void> {
  cloud.functions.get(name).crashAfter(afterCalls);
  return new Promise((resolve) => {
    cloud.onActivity((activity) => {
      if (activity.kind === 'function' && activity.event.function === name && activity.event.status === 503)
        resolve();
    });
  });
}

/** The VM works on the run's target: make has begun. */
async function working(target: string, times = 1): Promise<void> {
  await eventually(`make of ${target}`, async () => (timesRun(target) >= times ? true : undefined));
}

test('a message that is delivered twice is one run', async () => {
  cloud.faults.add({ operation: 'pubsub.deliver', kind: 'duplicate', times: 1 });
  const runId = await system.runOf(await ask('good'));
  await system.finished(runId);
  assert.equal(timesRun('good'), 1);
  assert.equal(system.slackBeforeOff(runId).length, 1);
});

test('two requests at once: the second waits in the queue, then runs', async () => {
  const first = await system.runOf(await ask('slow'));
  const second = await system.runOf(await ask('doubtful', { requestId: 'second' }));
  const queued = await system.until(second, (status) => status.status !== 'starting');
  assert.equal(queued.status, 'queued');
  assert.equal(queued.queuePosition, 1);
  const [firstEnd, secondEnd] = [await system.finished(first), await system.finished(second)];
  assert.deepEqual([firstEnd.status, secondEnd.status], ['succeeded', 'succeeded']);
  assert.ok((firstEnd.finishedAt ?? '') <= (secondEnd.startedAt ?? ''), 'one after the other');
  assert.match(system.slack(second).join('\n'), /doubtful is queued/);
});

test('a VM that is killed in mid-run leaves its log, and the sweep gives the run another attempt', async () => {
  const runId = await system.runOf(await ask('hangs-once'));
  await working('hangs-once');
  await eventually('the log in the bucket', () => system.objects.stat(`results/${runId}/build.log`));
  cloud.compute.kill(cloud.config.zone, cloud.config.instance);
  await system.vmOff();
  await sweep();
  const status = await system.finished(runId);
  assert.deepEqual([status.status, status.attempt], ['succeeded', 2]);
  assert.equal(timesRun('hangs-once'), 2);
  assert.match(system.slack(runId).join('\n'), /hangs-once is being retried/);
});

test('a lost completion message costs minutes, not the truth', async () => {
  const topic = topicName(cloud.config.project, TOPICS.finished);
  cloud.faults.add({ operation: 'pubsub.deliver', kind: 'lose', times: 1, urlContains: 'finish-run' });
  const runId = await system.runOf(await ask('good'));
  await eventually(`the outcome of ${runId}`, () =>
    system.objects.stat(`runs/${runId}/attempt-1/outcome.json`),
  );
  await eventually(`the loss of a message on ${topic}`, async () =>
    cloud.faults.list()[0]?.struck ? true : undefined,
  );
  assert.equal((await system.status(runId))?.status, 'running');
  // A sweep waits for nothing: with the VM still on, the proof that it went off would be left to the next one.
  await system.vmOff();
  await sweep();
  assert.equal((await system.finished(runId)).status, 'succeeded');
});

test('start-run dies between two steps: the redelivered message goes on, and the job runs once', async () => {
  const before = timesRun('good');
  const crashed = crash('start-run', 9);
  const messageId = await ask('good');
  await crashed;
  cloud.clock.advance(30_000);
  const runId = await system.runOf(messageId);
  assert.equal((await system.finished(runId)).status, 'succeeded');
  assert.equal(timesRun('good'), before + 1);
});

test('finish-run dies between two steps: the redelivered message goes on, and people are told', async () => {
  const runId = await system.runOf(await ask('good'));
  await crash('finish-run', 12);
  cloud.clock.advance(90_000);
  assert.equal((await system.finished(runId)).status, 'succeeded');
  assert.ok(system.slack(runId).length >= 1);
});

test('cancelling a running run stops its VM, keeps what there is, and says so', async () => {
  const runId = await system.runOf(await ask('hangs'));
  await working('hangs');
  await system.publish('vicinity-run', { data: { action: 'cancel', runId, requestedBy: 'ada' } });
  await system.vmOff();
  await sweep();
  const status = await system.finished(runId);
  assert.deepEqual(
    [status.status, status.reason, status.vm.stoppedBy],
    ['cancelled', 'Cancelled by ada.', 'control-plane'],
  );
});

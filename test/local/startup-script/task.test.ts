import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { BUCKET } from '../../startup-script/fixture/cloud.ts';
import {
  type Machine,
  type PackageFiles,
  RUN_ID,
  startMachine,
} from '../../startup-script/fixture/machine.ts';
import { until } from '../../startup-script/fixture/until.ts';

/** One output file per shard, as a pipeline writes them, and what make was given. */
const SHARDED = {
  Makefile:
    'all:\n\t@mkdir -p out; echo $(STATES) >out/$(STATES); echo "epoch $$SOURCE_DATE_EPOCH wave [$$WAVE]"\n',
};
const TASKS = [
  { shard: 'ma', attempt: 1, params: { STATES: 'ma' } },
  { shard: 'ri', attempt: 1, params: { STATES: 'ri' } },
];

/** A machine of a Batch job, and the means to run its tasks one after the other in one boot. */
async function startTaskMachine(t: TestContext, files: PackageFiles, spec: Record<string, unknown> = {}) {
  const machine = await startMachine(t);
  await machine.submit(files, { spec });
  await machine.cloud.put(`shards/${RUN_ID}/wave-1.json`, JSON.stringify({ jobId: 'j', tasks: TASKS }));
  const environment = {
    ...machine.cloud.attributes,
    VICINITY_ENGINE: 'batch',
    WAVE: '1',
    VICINITY_BOOT_ID: 'boot',
  };
  for (const name of Object.keys(machine.cloud.attributes)) delete machine.cloud.attributes[name];
  const start = (index: number) => machine.start({ ...environment, BATCH_TASK_INDEX: String(index) });
  const run = async (index: number) => {
    const boot = start(index);
    const status = await boot.ended;
    return { status, console: boot.console() };
  };
  return { machine, start, run };
}

async function outcomeOf(machine: Machine, shard: string) {
  return JSON.parse((await machine.cloud.read(`shards/${RUN_ID}/${shard}/attempt-1/outcome.json`)) ?? '{}');
}

describe('a task of a Batch job', { concurrency: 3 }, () => {
  test('works on its shard, keeps its objects apart, and leaves the power to Batch', async (t) => {
    const { machine, run } = await startTaskMachine(t, SHARDED);
    const { status, console } = await run(1);
    assert.equal(status, 0, console);
    assert.match(
      console,
      /^\[vicinity\] run 20261124-030643-1a2b shard ri attempt 1 on vicinity-batch: claimed by boot boot$/m,
    );
    assert.equal(await machine.cloud.read(`results/${RUN_ID}/shards/ri/attempt-1/out/ri`), 'ri\n');
    // 2026-11-24T03:06:43Z, the time of the request.
    assert.match(
      (await machine.cloud.read(`results/${RUN_ID}/shards/ri/attempt-1/build.log`)) ?? '',
      /^epoch 1795489603 wave \[\]$/m,
    );
    const { outcome, attempt } = await outcomeOf(machine, 'ri');
    assert.deepEqual([outcome, attempt], ['succeeded', 1]);
    assert.deepEqual(await machine.cloud.names('runs/'), []);
    assert.deepEqual(await machine.cloud.messages(), []);
    assert.deepEqual(machine.powerCalls(), []);
  });

  test('after another task on the same machine finds a clean tree and works', async (t) => {
    const { machine, run } = await startTaskMachine(t, SHARDED);
    for (const index of [0, 1]) {
      const { status, console } = await run(index);
      assert.equal(status, 0, console);
    }
    assert.deepEqual(
      (await machine.cloud.names(`results/${RUN_ID}/`)).filter((name) => name.includes('/out/')),
      [`results/${RUN_ID}/shards/ma/attempt-1/out/ma`, `results/${RUN_ID}/shards/ri/attempt-1/out/ri`],
    );
    assert.deepEqual((await outcomeOf(machine, 'ri')).outputs, [{ path: 'out', objects: 1, bytes: 3 }]);
  });

  test('that is started twice does nothing the second time, and says so by its exit status', async (t) => {
    const { run } = await startTaskMachine(t, SHARDED);
    assert.equal((await run(0)).status, 0);
    const again = await run(0);
    assert.equal(again.status, 3);
    assert.match(
      again.console,
      /has already begun run 20261124-030643-1a2b attempt 1\. Nothing is done\.\n$/,
    );
  });

  test('whose attempt was revoked does nothing, and says so by its exit status', async (t) => {
    const { machine, run } = await startTaskMachine(t, SHARDED);
    const claim = `shards/${RUN_ID}/ma/attempt-1/claim.json`;
    await machine.cloud.put(claim, JSON.stringify({ revoked: true, reason: 'cancelled', at: 'then' }));
    const { status, console } = await run(0);
    assert.equal(status, 3);
    assert.match(
      console,
      /is not this boot's: revoked by the control plane at then: cancelled\. Nothing is done\./,
    );
    assert.deepEqual(await machine.cloud.names(`shards/${RUN_ID}/ma/`), [claim]);
    assert.deepEqual(machine.powerCalls(), []);
  });

  test('ends with the exit status of its job', async (t) => {
    const { machine, run } = await startTaskMachine(t, { Makefile: 'all:\n\t@exit 7\n' });
    assert.equal((await run(0)).status, 2);
    const { exitCode, cause, phase } = await outcomeOf(machine, 'ma');
    assert.deepEqual([exitCode, cause, phase], [2, 'exit', 'make']);
  });

  test('whose attempt was given up is ended by its heartbeat', async (t) => {
    const { machine, start } = await startTaskMachine(t, { Makefile: 'all:\n\t@echo begun; sleep 300\n' });
    const boot = start(0);
    await until(() => boot.console().includes('begun'));
    const outcome = `shards/${RUN_ID}/ma/attempt-1/outcome.json`;
    await machine.cloud.put(outcome, JSON.stringify({ abandoned: 'silent' }));
    assert.equal(await boot.ended, 143);
    assert.match(boot.console(), /^\[vicinity\] The control plane has given this attempt up\.$/m);
    assert.equal(await machine.cloud.read(outcome), '{"abandoned":"silent"}');
    assert.deepEqual(machine.leftovers(), []);
  });

  test('that the wave does not list, or names unusably, claims nothing', async (t) => {
    const { machine, run } = await startTaskMachine(t, SHARDED);
    const missing = await run(2);
    assert.equal(missing.status, 1);
    assert.equal(
      missing.console.trimEnd().split('\n').at(-1),
      `[vicinity] Task 2 of wave 1 of run ${RUN_ID} is not known: gs://${BUCKET}/shards/${RUN_ID}/wave-1.json: it has no task 2`,
    );
    const tasks = [{ shard: '../runs', attempt: 1, params: {} }];
    await machine.cloud.put(`shards/${RUN_ID}/wave-1.json`, JSON.stringify({ tasks }));
    const unusable = await run(0);
    assert.equal(unusable.status, 1);
    assert.match(unusable.console, /The metadata value SHARD is not usable: '\.\.\/runs'\./);
    assert.deepEqual(await machine.cloud.names(`shards/${RUN_ID}/`), [`shards/${RUN_ID}/wave-1.json`]);
  });
});

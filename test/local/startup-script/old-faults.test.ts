import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { Outcome } from '../../../shared/model/attempt.ts';
import {
  ATTEMPT,
  type Machine,
  RESULTS,
  startMachine,
  suiteScope,
} from '../../startup-script/fixture/machine.ts';
import { until } from '../../startup-script/fixture/until.ts';

// The faults of the script that this project replaces, by their numbers in the list of its users' needs.
// Fault 10 (what is packaged) belongs to `vicinity push`.

const FAILING = `all:
	@mkdir -p out && echo partial >out/part.csv
	@sleep 2.5
	@echo 'no such state'; exit 3
`;

describe('the old script’s faults', { concurrency: 3 }, () => {
  describe('a run whose make fails', () => {
    let machine: Machine;
    let boot: { status: number; console: string };
    let outcome: Outcome;
    const scope = suiteScope();
    before(async () => {
      machine = await startMachine(scope);
      await machine.submit({ Makefile: FAILING });
      boot = await machine.boot();
      outcome = await machine.outcome();
    });

    test('fault 3: a failed make is a failed run, and says so everywhere', async () => {
      assert.equal(boot.status, 2);
      assert.deepEqual(
        [outcome.outcome, outcome.exitCode, outcome.phase, outcome.reason],
        [
          'failed',
          2,
          'make',
          'make all failed with exit code 2: make: *** [Makefile:4: all] Error 3. The line before: no such state',
        ],
      );
      const [message] = (await machine.cloud.messages()) as { outcome: string; exitCode: number }[];
      assert.deepEqual([message?.outcome, message?.exitCode], ['failed', 2]);
      const error = (await machine.result('startup_error.txt')) ?? '';
      assert.match(
        error,
        /^Run \S+ attempt 1 failed at \S+Z in phase make with exit code 2\.\nmake all failed/,
      );
      assert.match(error, /The last lines of build\.log:\n(.*\n)*no such state\n/);
      assert.deepEqual(machine.powerCalls().at(-1), '-P now');
    });

    test('fault 5: partial results of a failed run are uploaded', async () => {
      assert.equal(await machine.result('out/part.csv'), 'partial\n');
      assert.deepEqual(outcome.outputs, [{ path: 'out', objects: 1, bytes: 8 }]);
    });

    test('fault 6: telemetry and timers are kept in files, not on the serial console alone', async () => {
      const [header, ...rows] = ((await machine.result('telemetry.csv')) ?? '').trimEnd().split('\n');
      assert.equal(
        header,
        'time,phase,usr,sys,wa,idle,irq,soft,steal,runq,blocked,mem_total_kib,mem_free_kib,mem_available_kib,swap_used_kib',
      );
      assert.ok(rows.some((row) => row.includes(',make,')));
      assert.match((await machine.result('serial.log')) ?? '', /^\[timer\] make [2-9]s$/m);
      const make = outcome.phases.find((phase) => phase.name === 'make');
      assert.ok(make && make.seconds >= 2.5, JSON.stringify(outcome.phases));
    });

    test('fault 7: telemetry keeps coming, in the format that the pipeline’s own analysis reads', async () => {
      const cpu =
        /\[telemetry\]\[cpu] .*?usr=(\d+\.\d+)%.*?sys=(\d+\.\d+)%.*?wa=(\d+\.\d+)%.*?idle=(\d+\.\d+)%/g;
      const vmstat =
        /\[telemetry\]\[vmstat] .*?runq=(\d+)\s+blocked=(\d+)\s+free=(\d+)\s+idle=(\d+)%\s+wa=(\d+)%/g;
      assert.ok([...boot.console.matchAll(cpu)].length >= 3);
      assert.ok([...boot.console.matchAll(vmstat)].length >= 3);
      assert.match(
        boot.console,
        /^\[telemetry\]\[mem\] interval=1s t=\S+ total=\d+ free=\d+ available=\d+ swap=\d+$/m,
      );
      assert.match(boot.console, /^\[mem\]\[summary\] samples=\d+ total=\d+ min_available=\d+ /m);
    });

    test('nothing of it is left running', () => assert.deepEqual(machine.leftovers(), []));
  });

  const ANCHORS = 'id,lat,lon\n1,42.3,-71.1\n';
  const OUTPUTS = ['data/anchors', 'data/minutes', 'tiles', 'data/d_anchor_category', 'data/d_anchor_brand'];
  const ALL = `all:
	@cmp inputs/anchors.csv expected.csv
	@for d in ${OUTPUTS.slice(0, 4).join(' ')}; do mkdir -p $$d; echo $$d >$$d/x.parquet; done
	@mkdir -p data/d_anchor_brand; : >data/d_anchor_brand/empty.parquet
	@echo junk >tiles/._x.parquet
	@echo 'worker 3 [error] no graph for this state'; echo '[warn] 2 anchors skipped'
`;

  describe('a run with inputs and five output directories, while the metadata server falters', () => {
    let machine: Machine;
    let boot: { status: number; console: string };
    let outcome: Outcome;
    const sha256 = createHash('sha256').update(ANCHORS).digest('hex');
    const scope = suiteScope();
    before(async () => {
      machine = await startMachine(scope);
      await machine.cloud.put(`inputs/${sha256}`, ANCHORS);
      const manifest = {
        version: 1,
        dirty: false,
        inputs: [{ path: 'inputs/anchors.csv', sha256, bytes: 24 }],
      };
      await machine.submit(
        { Makefile: ALL, 'expected.csv': ANCHORS, '.vicinity/package.json': JSON.stringify(manifest) },
        { spec: { outputs: OUTPUTS } },
      );
      machine.cloud.faults.add({
        operation: 'metadata.get',
        kind: 'error',
        urlContains: 'attributes/RUN_ID',
        times: 2,
      });
      boot = await machine.boot();
      outcome = await machine.outcome();
    });

    test('fault 4: an exit code of 0 hides neither [error] lines nor empty outputs', () => {
      assert.deepEqual([outcome.outcome, outcome.errors, outcome.warnings], ['succeeded', 1, 1]);
      assert.deepEqual(outcome.outputs.at(-1), { path: 'data/d_anchor_brand', objects: 1, bytes: 0 });
    });

    test('fault 8: words about a retry never get into a metadata value', () => {
      assert.equal(machine.cloud.faults.list()[0]?.struck, 2);
      assert.equal(boot.status, 0, boot.console);
    });

    test('fault 9: declared inputs come by their hash, and ._ files do not travel', async () => {
      assert.match(boot.console, /^\[vicinity\] source \w{64} is in /m);
      assert.equal(await machine.result('tiles/._x.parquet'), undefined);
    });

    test('fault 11: every declared output is uploaded', () => {
      assert.deepEqual(
        outcome.outputs.map(({ path, objects }) => `${path} ${objects}`),
        OUTPUTS.map((path) => `${path} 1`),
      );
    });
  });

  test('fault 9: a missing input is a failure that names it, and tracked outputs (fault 11) are not passed off as results', async (t) => {
    const machine = await startMachine(t);
    const sha256 = 'f'.repeat(64);
    const inputs = [{ path: 'inputs/anchors.csv', sha256, bytes: 24 }];
    const manifest = { version: 1, dirty: false, inputs };
    await machine.submit({
      Makefile: 'all:\n',
      'out/tracked.csv': 'old',
      '.vicinity/package.json': JSON.stringify(manifest),
    });
    const { status } = await machine.boot();
    const { phase, reason = '', outputs } = await machine.outcome();
    assert.deepEqual([status, phase, outputs], [1, 'source', []]);
    assert.match(reason, new RegExp(`^An input cannot be fetched: GET .*inputs%2F${sha256} answered 404: `));
    assert.equal(await machine.result('out/tracked.csv'), undefined);
    assert.match((await machine.result('startup_error.txt')) ?? '', /in phase source with exit code 1/);
  });

  test('fault 1: the run goes on when whoever watched the console is gone', async (t) => {
    const machine = await startMachine(t);
    await machine.submit({
      Makefile: 'all:\n\t@for i in 1 2 3 4; do echo line $$i; sleep 0.5; done; mkdir out; echo x >out/x\n',
    });
    const boot = machine.start();
    await until(() => boot.console().includes('line 1'));
    boot.process.stdout?.destroy();
    boot.process.stderr?.destroy();
    assert.equal(await boot.ended, 0);
    assert.equal((await machine.outcome()).outcome, 'succeeded');
    assert.match((await machine.result('serial.log')) ?? '', /^line 4$/m);
    assert.equal(machine.powerCalls().at(-1), '-P now');
  });

  test('fault 2: a second start disturbs nothing, neither in this boot nor in another', async (t) => {
    const machine = await startMachine(t);
    await machine.submit({ Makefile: 'all:\n\t@echo begun; sleep 4; mkdir out; echo x >out/x\n' });
    const first = machine.start({ VICINITY_BOOT_ID: 'boot-1' });
    await until(() => first.console().includes('begun'));
    const calls = machine.powerCalls().length;

    const again = await machine.boot({ VICINITY_BOOT_ID: 'boot-1' });
    assert.equal(again.status, 0);
    assert.match(again.console, /This boot has already begun run \S+ attempt 1\. Nothing is done\./);
    const [begin, restored, ...more] = machine.powerCalls().slice(calls);
    assert.equal(begin, '-P +60');
    assert.match(restored ?? '', /^-P \+(40|41)$/, 'the first start’s own timer is put back');
    assert.deepEqual(more, []);

    assert.equal(await first.ended, 0, first.console());
    const other = await machine.boot({ VICINITY_BOOT_ID: 'boot-2' });
    assert.match(
      other.console,
      /attempt 1 is not this boot's: taken by boot boot-1 of vicinity-batch at \S+Z\. Nothing is done\./,
    );
    assert.equal(machine.powerCalls().at(-1), '-P now');
    assert.deepEqual(await machine.cloud.names(`${ATTEMPT}/claim`), [`${ATTEMPT}/claim.json`]);
    assert.equal((await machine.cloud.messages()).length, 1);
    assert.equal((await machine.cloud.names(`${RESULTS}/out`)).length, 1);
  });
});

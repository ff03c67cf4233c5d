import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ATTEMPT, QUICK, RESULTS, startMachine } from '../../startup-script/fixture/machine.ts';
import { until } from '../../startup-script/fixture/until.ts';

const ALWAYS = 1e9;
const VERIFIED_UPLOAD = { operation: 'storage.objects.insert', urlContains: 'uploadType=multipart' };

describe('a boot', { concurrency: 3 }, () => {
  test('without a run does nothing and powers off, unless the VM is on hold', async (t) => {
    const machine = await startMachine(t);
    const { status, console } = await machine.boot();
    assert.equal(status, 0);
    assert.match(console, /^\[vicinity\] No run is pending: the metadata has no RUN_ID\.$/m);
    assert.deepEqual(machine.powerCalls(), ['-P +60', '-P now']);
    machine.cloud.attributes.VICINITY_HOLD = 'debugging';
    const held = await machine.boot();
    assert.match(
      held.console,
      /VICINITY_HOLD is set: the VM stays on, and costs money, until you stop it\.\n$/,
    );
    assert.deepEqual(machine.powerCalls().slice(2), ['-P +60', '-c', '-c']);
  });

  test('whose attempt was revoked does nothing', async (t) => {
    const machine = await startMachine(t);
    await machine.submit(QUICK);
    const revoked = { by: 'control-plane', revoked: true, reason: 'cancelled', at: '2026-11-24T03:06:43Z' };
    await machine.cloud.put(`${ATTEMPT}/claim.json`, JSON.stringify(revoked));
    const { status, console } = await machine.boot();
    assert.equal(status, 0);
    assert.match(
      console,
      /attempt 1 is not this boot's: revoked by the control plane at 2026-11-24T03:06:43Z: cancelled\. Nothing is done\./,
    );
    assert.deepEqual(await machine.cloud.names('runs/'), [`${ATTEMPT}/claim.json`]);
    assert.deepEqual(machine.powerCalls(), ['-P +60', '-P now']);
  });

  test('with an invalid RUN_ID reports it and changes nothing', async (t) => {
    const machine = await startMachine(t);
    await machine.submit(QUICK, { metadata: { RUN_ID: '../../x' } });
    const { status, console } = await machine.boot();
    assert.equal(status, 1);
    assert.match(
      console,
      /The metadata value RUN_ID is not usable: '\.\.\/\.\.\/x'\. No outcome can be recorded/,
    );
    assert.deepEqual(await machine.cloud.names('runs/'), []);
    assert.equal(machine.powerCalls().at(-1), '-P now');
  });

  test('without a metadata server gives up at the deadline and powers off', async (t) => {
    const machine = await startMachine(t);
    const { status, console } = await machine.boot({
      GCE_METADATA_HOST: '127.0.0.1:9',
      VICINITY_METADATA_SECONDS: '1',
    });
    assert.equal(status, 1);
    assert.match(
      console,
      /does not give instance\/attributes\/VICINITY_HOLD \(HTTP status 000, tried for 1 s\)/,
    );
    assert.equal(machine.powerCalls().at(-1), '-P now');
  });

  test('with metadata that must not be used fails the attempt, with every fault in the reason', async (t) => {
    const machine = await startMachine(t);
    await machine.submit(QUICK, { metadata: { TARGET: 'all;reboot', WORKERS: '$(id)' } });
    const { status } = await machine.boot();
    const { phase, cause, exitCode, reason } = await machine.outcome();
    assert.deepEqual([status, phase, cause, exitCode], [1, 'claim', 'metadata', 1]);
    assert.equal(
      reason,
      "The metadata is not usable: TARGET is not allowed: 'all;reboot';WORKERS is not allowed: '$(id)'",
    );
  });

  test('takes its claim though the storage falters and the reply is lost, and reports a make that was killed', async (t) => {
    const machine = await startMachine(t);
    await machine.submit({ Makefile: 'all:\n\t@echo begun; kill -9 $$PPID\n' });
    const claim = { operation: 'storage.objects.insert', urlContains: 'claim.json' };
    machine.cloud.faults.add({ ...claim, kind: 'error', times: 2 });
    machine.cloud.faults.add({ ...claim, kind: 'drop', skip: 0 });
    machine.cloud.faults.add({ operation: 'pubsub.*', kind: 'error', status: 403, times: ALWAYS });
    const { status, console } = await machine.boot({ VICINITY_RETRY_SECONDS: '4' });
    const { exitCode, phase, reason = '' } = await machine.outcome();
    assert.deepEqual([status, exitCode, phase], [137, 137, 'make'], console);
    assert.match(reason, /^make all was killed \(exit code 137, signal 9\)/);
    assert.match(console, /^\[vicinity\] The completion is not published: POST .* answered 403/m);
    assert.equal(machine.powerCalls().at(-1), '-P now');
  });

  test('whose results are refused is a failed run, though make succeeded', async (t) => {
    const machine = await startMachine(t);
    await machine.submit(QUICK);
    machine.cloud.faults.add({ ...VERIFIED_UPLOAD, kind: 'error', status: 403, times: ALWAYS });
    const { status, console } = await machine.boot({ VICINITY_RETRY_SECONDS: '2' });
    const outcome = await machine.outcome();
    assert.deepEqual(
      [status, outcome.outcome, outcome.exitCode, outcome.phase, outcome.cause],
      [1, 'failed', 1, 'upload', 'upload'],
    );
    assert.match(outcome.reason ?? '', /^out\/x was not uploaded: POST .* answered 403: /);
    assert.deepEqual(outcome.outputs, [{ path: 'out', objects: 0, bytes: 0 }]);
    assert.match(console, /^\[vicinity\] FAILED in phase upload: out\/x was not uploaded: /m);
  });

  test('stops a job at its limit; whatever it prints neither breaks the console nor is lost', async (t) => {
    const machine = await startMachine(t);
    const bars = 'for i in $$(seq 500); do printf "%d%%\\r" $$i; done';
    const long = "head -c 1000000 /dev/zero | tr '\\0' x";
    const lines = ['mkdir out; echo partial >out/x', long, bars, "printf '\\351 no line end'; sleep 300"];
    await machine.submit(
      { Makefile: `all:\n${lines.map((line) => `\t@${line}\n`).join('')}` },
      { spec: { maxSeconds: 20 } },
    );
    const { status, console } = await machine.boot();
    const { exitCode, phase, cause, reason, outputs } = await machine.outcome();
    assert.deepEqual([status, exitCode, phase, cause], [124, 124, 'make', 'time-limit']);
    assert.equal(
      reason,
      'make all was stopped at the limit of 20 s (maxDuration). What it had made by then is uploaded.',
    );
    assert.deepEqual(outputs, [{ path: 'out', objects: 1, bytes: 8 }]);
    assert.ok(console.split('\n').every((line) => Buffer.byteLength(line) <= 1000));
    assert.ok(/^499%$/m.test(console) && /^\\xe9 no line end/m.test(console), console.slice(-2000));
    assert.ok((await machine.result('build.log'))?.includes('x'.repeat(1_000_000)));
    assert.deepEqual(machine.leftovers(), []);
  });

  test('counts provisioning towards the limit of the run', async (t) => {
    const machine = await startMachine(t);
    await machine.submit(
      { Makefile: 'native:\n\t@sleep 8\nall:\n\t@sleep 300\n' },
      { spec: { maxSeconds: 20, provision: { apt: [], native: 'native' } } },
    );
    await machine.boot();
    const { cause, phase, phases } = await machine.outcome();
    assert.deepEqual([cause, phase], ['time-limit', 'make']);
    const make = phases.find(({ name }) => name === 'make');
    assert.ok(
      make && make.seconds < 12.5,
      `make had ${make?.seconds} s of 20, after the 8 of the native build`,
    );
  });

  test('whose time is over before make is timed out in that phase, and make does not start', async (t) => {
    const machine = await startMachine(t);
    await machine.submit(
      { Makefile: 'native:\n\t@sleep 300\nall:\n\t@echo begun\n' },
      { spec: { maxSeconds: 4, provision: { apt: [], native: 'native' } } },
    );
    const { status } = await machine.boot();
    const { cause, exitCode, phase, reason } = await machine.outcome();
    assert.deepEqual([status, exitCode, cause, phase], [124, 124, 'time-limit', 'native']);
    assert.equal(reason, 'Phase native was stopped at the limit of 4 s (maxDuration).');
    assert.equal(await machine.result('build.log'), '');
  });

  test('that is stopped from outside saves partial results and leaves the verdict to the control plane', async (t) => {
    const machine = await startMachine(t);
    await machine.submit({ Makefile: 'all:\n\t@mkdir out; echo partial >out/x; echo begun; sleep 300\n' });
    const boot = machine.start();
    await until(() => boot.console().includes('begun'));
    machine.stopAll();
    assert.equal(await boot.ended, 143);
    assert.match(
      boot.console(),
      /The VM is being stopped from outside in phase make: saving logs and partial results\./,
    );
    assert.deepEqual(await machine.cloud.names('runs/'), [
      `${ATTEMPT}/claim.json`,
      `${ATTEMPT}/heartbeat.json`,
    ]);
    assert.deepEqual(await machine.cloud.messages(), []);
    assert.match((await machine.result('build.log')) ?? '', /begun/);
    assert.equal(await machine.result('out/x'), 'partial\n');
    assert.deepEqual(machine.leftovers(), []);
  });

  test('that is stopped from outside while it uploads a good result goes on to the end', async (t) => {
    const machine = await startMachine(t);
    await machine.submit(QUICK);
    machine.cloud.faults.add({ ...VERIFIED_UPLOAD, kind: 'delay', delayMs: 2000 });
    const boot = machine.start();
    await until(() => machine.cloud.faults.list()[0]?.struck === 1);
    machine.stopAll();
    assert.equal(await boot.ended, 0, boot.console());
    assert.equal((await machine.outcome()).outcome, 'succeeded');
    assert.equal((await machine.cloud.messages()).length, 1);
  });

  test('that ran before the VM was held: its script started again by hand does not switch it off', async (t) => {
    const machine = await startMachine(t);
    await machine.submit(QUICK);
    const boot = { VICINITY_BOOT_ID: 'd0d0cafe-0000-4000-8000-000000000001' };
    machine.shim('make', `touch '${machine.directory}/begun'`, 'sleep 2');
    const first = machine.start(boot);
    await until(() => existsSync(join(machine.directory, 'begun')));
    machine.cloud.attributes.VICINITY_HOLD = 'debugging';
    await first.ended;
    const { console } = await machine.boot(boot);
    assert.match(console, /This boot has already begun run .* Nothing is done\.$/m);
    assert.equal(machine.powerCalls().at(-1), '-c');
  });

  test('leaves its log in the bucket when it dies', async (t) => {
    const machine = await startMachine(t);
    await machine.submit({ Makefile: 'all:\n\t@echo begun; sleep 300\n' });
    const boot = machine.start();
    await until(async () => (await machine.result('build.log'))?.includes('begun') === true);
    boot.process.kill('SIGKILL');
    await until(() => machine.leftovers().length === 0, 15);
    assert.deepEqual(await machine.cloud.names(`${RESULTS}/build.log`), [`${RESULTS}/build.log`]);
  });
});

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '../../local/core/faults.ts';
import type { Vm } from '../../local/vm/vm-host.ts';
import { QUICK, suiteScope } from '../startup-script/fixture/machine.ts';
import { type Machine, onlyWithNspawn, startMachine } from './fixture/machine.ts';

const ALWAYS = 1e9;
const INSERT = 'storage.objects.insert';

/** For tests that last minutes, and wait for most of them. */
const SIDE_BY_SIDE = { ...onlyWithNspawn, concurrency: true };

describe('a VM in a cloud that fails', SIDE_BY_SIDE, () => {
  describe('for a moment, or for good', { concurrency: 1 }, theQuick);
  describe('for minutes', { concurrency: true }, theLong);
});

function theQuick(): void {
  let machine: Machine;
  const scope = suiteScope();
  before(async () => {
    machine = await startMachine(scope, {
      environment: { VICINITY_METADATA_SECONDS: '5', VICINITY_RETRY_SECONDS: '4' },
    });
  });

  test('a metadata server that is slow, and fails now and then, costs time only', async () => {
    await machine.submit(QUICK);
    machine.cloud.faults.add({ operation: 'metadata.get', kind: 'error', urlContains: 'RUN_ID', times: 2 });
    machine.cloud.faults.add({
      operation: 'metadata.get',
      kind: 'drop-before',
      urlContains: 'token',
      times: 2,
    });
    machine.cloud.faults.add({ operation: 'metadata.get', kind: 'delay', delayMs: 200, times: ALWAYS });
    const { by, console } = await machine.boot();
    assert.deepEqual([by, (await machine.outcome())?.outcome], ['guest', 'succeeded'], console);
    assert.deepEqual(
      machine.cloud.faults
        .list()
        .slice(0, 2)
        .map(({ struck }) => struck),
      [2, 2],
    );
  });

  test('a metadata server that fails for good is named, and nothing is done', async () => {
    await machine.submit(QUICK);
    machine.cloud.faults.add({
      operation: 'metadata.get',
      kind: 'error',
      urlContains: 'RUN_ID',
      times: ALWAYS,
    });
    const { by, console } = await machine.boot();
    assert.equal(by, 'guest');
    assert.match(
      console,
      /The metadata server does not give instance\/attributes\/RUN_ID \(HTTP status 503, tried for 5 s\)\./,
    );
    assert.deepEqual([await machine.outcome(), await machine.claim()], [undefined, undefined]);
  });

  test('an upload outlives refusals that pass: 401, 429 and 503', async () => {
    await machine.submit(QUICK);
    for (const status of [401, 429, 503])
      machine.cloud.faults.add({
        operation: INSERT,
        kind: 'error',
        status,
        urlContains: 'uploadType=multipart',
        times: 1,
      });
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual([by, outcome?.outcome], ['guest', 'succeeded'], console);
    assert.ok(machine.cloud.faults.list().every(({ struck }) => struck === 1));
    assert.equal(await machine.result('out/x'), 'x\n');
  });

  for (const [status, why] of [
    [403, 'refuses for good'],
    [503, 'is out for longer than the VM waits'],
  ] as const)
    test(`a storage that ${why} for results (${status}) makes a failed run, though make succeeded`, async () => {
      await machine.submit(QUICK);
      machine.cloud.faults.add({
        operation: INSERT,
        kind: 'error',
        status,
        urlContains: 'uploadType=multipart',
        times: ALWAYS,
      });
      const { by, console } = await machine.boot();
      const outcome = await machine.outcome();
      assert.deepEqual(
        [by, outcome?.outcome, outcome?.exitCode, outcome?.phase],
        ['guest', 'failed', 1, 'upload'],
        console,
      );
      assert.match(
        outcome?.reason ?? '',
        new RegExp(`^out/x was not uploaded: POST .* answered ${status}: `),
      );
      assert.equal((await machine.published())?.outcome, 'failed');
    });

  test('a storage that refuses even the outcome is named on the serial port, and the machine goes off', async () => {
    await machine.submit(QUICK);
    machine.cloud.faults.add({ operation: INSERT, kind: 'error', status: 403, times: ALWAYS, skip: 1 });
    const { by, console } = await machine.boot();
    assert.equal(by, 'guest');
    assert.match(console, /\[vicinity\] The outcome is not recorded: POST .* answered 403: /);
    assert.deepEqual([await machine.outcome(), (await machine.claim())?.by], [undefined, 'vm']);
    assert.equal(await machine.published(), undefined);
  });

  test('a completion that cannot be published is no failure: the outcome is in the bucket', async () => {
    await machine.submit(QUICK);
    machine.cloud.faults.add({ operation: 'pubsub.*', kind: 'error', status: 403, times: ALWAYS });
    const { by, console } = await machine.boot();
    assert.deepEqual([by, (await machine.outcome())?.outcome], ['guest', 'succeeded'], console);
    assert.match(console, /\[vicinity\] The completion is not published: POST .* answered 403/);
  });
}

/** With the patience of a real VM: each has its own machine, and all wait at the same time. */
function theLong(): void {
  const MINUTE = 60_000;
  const scope = suiteScope();
  const patient = () => startMachine(scope, { environment: { VICINITY_RETRY_SECONDS: '300' } });
  /** Its last line is there before the cloud fails. */
  const WORKS = { Makefile: 'all:\n\t@mkdir -p out; echo x >out/x; echo begun; sleep 5\n' };

  async function failing(machine: Machine, rule: Omit<FaultRule, 'kind'>, ms: number): Promise<void> {
    const fault = machine.cloud.faults.add({ ...rule, kind: 'error', times: ALWAYS });
    await sleep(ms);
    assert.ok(fault.struck > 0, `${JSON.stringify(rule)} was never met`);
    machine.cloud.faults.clear();
  }

  async function endsWell(machine: Machine, vm: Vm): Promise<string> {
    const { by, console } = await machine.end(vm);
    const outcome = await machine.outcome();
    assert.deepEqual([by, outcome?.outcome], ['guest', 'succeeded'], console);
    assert.equal(await machine.result('out/x'), 'x\n');
    assert.match((await machine.result('build.log')) ?? '', /^begun$/m);
    assert.equal((await machine.published())?.outcome, 'succeeded');
    return console;
  }

  test('a storage that is out for three minutes (503) costs the run nothing but time', async () => {
    const machine = await patient();
    await machine.submit(WORKS);
    const vm = await machine.start();
    await machine.shows('begun');
    await failing(machine, { operation: 'storage.*' }, 3 * MINUTE);
    await endsWell(machine, vm);
  });

  test('uploads that are refused for three minutes, by 401, 403 and 429, do not lose hours of work', async () => {
    const machine = await patient();
    await machine.submit(WORKS);
    const vm = await machine.start();
    await machine.shows('begun');
    for (const status of [401, 403, 429])
      await failing(machine, { operation: 'storage.objects.*', status }, MINUTE);
    await endsWell(machine, vm);
  });

  test('a metadata server, and later Pub/Sub, that fail for a minute and a half cost only time', async () => {
    const machine = await patient();
    await machine.submit(WORKS);
    const vm = await machine.start();
    await failing(machine, { operation: 'metadata.get', urlContains: 'attributes/RUN_ID' }, 1.5 * MINUTE);
    await failing(machine, { operation: 'pubsub.*' }, 1.5 * MINUTE);
    await endsWell(machine, vm);
  });
}

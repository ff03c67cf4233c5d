import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { FaultRule } from '../../local/core/faults.ts';
import { QUICK, type SpecChanges, suiteScope } from '../startup-script/fixture/machine.ts';
import { until } from '../startup-script/fixture/until.ts';
import { type Machine, onlyWithNspawn, startMachine } from './fixture/machine.ts';

const HANGS = {
  Makefile: `all native:
	@mkdir -p out; echo partial >out/x; echo begun; sleep 60
`,
};
/** Cloud time; nothing moves it here. */
const FOREVER = { kind: 'delay', delayMs: 600_000 };

describe('boots of a Debian', onlyWithNspawn, () => {
  let machine: Machine;
  const scope = suiteScope();
  before(async () => {
    machine = await startMachine(scope);
  });

  test('the first installs packages, the second finds them on the disk', async () => {
    await machine.submit(QUICK);
    const first = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual(
      [first.by, outcome?.outcome, outcome?.phase],
      ['guest', 'succeeded', 'done'],
      first.console,
    );
    assert.match((await machine.result('startup_detail.log')) ?? '', /Setting up make /);
    assert.equal(await machine.result('out/x'), 'x\n');
    assert.equal((await machine.published())?.outcome, 'succeeded');

    await machine.submit(QUICK);
    const second = await machine.boot();
    const again = await machine.outcome();
    assert.equal(again?.outcome, 'succeeded', second.console);
    assert.match(second.console, /packages are on this disk already: make/);
    assert.notEqual(again?.bootId, outcome?.bootId);
  });

  test('a stop from outside saves partial results, and leaves the verdict to the control plane', async () => {
    await machine.submit({
      Makefile: `all:\n\t@trap '' TERM; mkdir -p out; echo partial >out/x; echo begun; sleep 60\n`,
    });
    const vm = await machine.start();
    await machine.shows('begun');
    const stopped = vm.shutDown(90_000);
    const { by, console } = await machine.end(vm);
    await stopped;
    assert.deepEqual(
      [by, await machine.outcome(), (await machine.claim())?.by],
      ['host', undefined, 'vm'],
      console,
    );
    assert.equal(await machine.result('out/x'), 'partial\n');
    assert.match((await machine.result('build.log')) ?? '', /begun\n/);
  });

  const held = (urlContains: string): FaultRule => ({
    operation: 'storage.objects.*',
    urlContains,
    ...FOREVER,
  });
  const NATIVE = { spec: { provision: { apt: ['make'], native: 'native' } } };
  const shown = (text: string) => () => machine.console().includes(text);

  interface PowerLoss {
    phase: string;
    /** Keeps the VM in the phase. */
    fault?: FaultRule;
    /** Whether it is in the phase; unless told, once the fault has struck. */
    isReached?: () => boolean | Promise<boolean>;
    changes?: SpecChanges;
  }
  const POWER_LOSSES: PowerLoss[] = [
    { phase: 'boot', isReached: shown('startup script begins') },
    { phase: 'claim', fault: held('claim.json') },
    { phase: 'source', fault: held('src%2F') },
    { phase: 'native', isReached: () => machine.isIn('native'), changes: NATIVE },
    { phase: 'make', isReached: shown('begun') },
    { phase: 'upload', fault: held('uploadType=multipart') },
  ];
  for (const { phase, fault, isReached, changes } of POWER_LOSSES)
    test(`a power loss in phase ${phase} leaves no outcome, and the next attempt succeeds on the same disk`, async () => {
      await machine.submit(phase === 'upload' ? QUICK : HANGS, changes);
      if (fault) machine.cloud.faults.add(fault);
      const vm = await machine.start();
      await until(isReached ?? (() => machine.cloud.faults.list()[0]?.struck === 1));
      await vm.kill();
      assert.equal(await machine.outcome(), undefined);
      const isClaimed = (await machine.claim()) !== undefined;
      assert.equal(isClaimed, !['boot', 'claim'].includes(phase));

      await machine.submit(QUICK);
      const { by, console } = await machine.boot();
      assert.deepEqual([by, (await machine.outcome())?.outcome], ['guest', 'succeeded'], console);
    });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MACHINE_TYPES } from '../../../shared/machines/machine-types.ts';
import { costOf, describeDollars, describeHourly, idleCostPerMonth } from '../../../shared/pricing/costs.ts';
import { pricePerHour } from '../../../shared/pricing/prices.ts';
import { costOfRun } from '../../../shared/pricing/run-cost.ts';

test('the default machines cost what the catalogue says, to a hundredth of a cent', () => {
  assert.equal(pricePerHour('c4d-highcpu-8')?.toFixed(5), '0.31406');
  assert.equal(pricePerHour('c4d-highcpu-32')?.toFixed(5), '1.25625');
  assert.equal(pricePerHour('c4d-highcpu-96')?.toFixed(5), '3.76874');
  assert.equal(pricePerHour('c4d-highcpu-96', 'spot')?.toFixed(5), '1.47468');
  assert.equal(pricePerHour('c4d-highmem-16')?.toFixed(5), '0.96370');
  assert.equal(pricePerHour('c4-standard-4', 'spot')?.toFixed(5), '0.09590');
  assert.equal(pricePerHour('e2-highmem-16', 'spot')?.toFixed(5), '0.39203');
});

test('every machine type that the product knows has a standard price', () => {
  const unpriced = MACHINE_TYPES.filter(({ name }) => !pricePerHour(name)).map(({ name }) => name);
  assert.deepEqual(unpriced, []);
});

test('an unknown machine type has no price, unless the user gives one', () => {
  assert.equal(pricePerHour('z9-mega-2'), undefined);
  assert.equal(costOf('z9-mega-2', 3600), undefined);
  const prices = { machines: { 'z9-mega-2': { standard: 2 }, 'c4d-highcpu-32': { standard: 1 } } };
  assert.equal(pricePerHour('z9-mega-2', 'standard', prices), 2);
  assert.equal(pricePerHour('z9-mega-2', 'spot', prices), undefined);
  assert.equal(costOf('c4d-highcpu-32', 7200, 'standard', prices), 2);
});

test('the first minute is billed whole', () => {
  assert.equal(costOf('c4d-highcpu-32', 5), costOf('c4d-highcpu-32', 60));
});

test('a longer time never costs less, and Spot never more than standard', () => {
  const priced = fc.constantFrom(...MACHINE_TYPES.map(({ name }) => name));
  fc.assert(
    fc.property(priced, fc.nat(1e6), fc.nat(1e6), (name, seconds, more) => {
      const standard = costOf(name, seconds) ?? 0;
      assert.ok((costOf(name, seconds + more) ?? 0) >= standard);
      assert.ok((costOf(name, seconds, 'spot') ?? 0) <= standard);
    }),
  );
});

test('a VM that is off costs its disk, its address and what lies in the bucket', () => {
  const idle = idleCostPerMonth({
    disk: { type: 'hyperdisk-balanced', sizeGb: 200 },
    staticAddress: true,
    storedBytes: 10 * 2 ** 30,
  });
  assert.equal(idle.disk.toFixed(2), '17.60');
  assert.equal(idle.address.toFixed(2), '7.30');
  assert.equal(idle.storage.toFixed(2), '0.23');
  assert.equal(idle.total.toFixed(2), '25.13');
  assert.deepEqual(idleCostPerMonth({}), { disk: 0, address: 0, storage: 0, total: 0 });
});

test('the parts of a run make up its whole cost', () => {
  const phases = [
    { name: 'boot', seconds: 20 },
    { name: 'make', seconds: 3600 },
  ];
  const cost = costOfRun({ machineType: 'c4d-highcpu-32', onSeconds: 3680, phases });
  assert.equal(cost?.perHour, 1.25625);
  assert.equal(cost?.total, 1.28416);
  assert.deepEqual(cost?.phases, [
    { name: 'boot', dollars: 0.00698 },
    { name: 'make', dollars: 1.25625 },
  ]);
  assert.equal(cost?.other, 0.02094);
});

test('time on Spot costs less, and what it saved is told', () => {
  const hour = { machineType: 'c4d-highcpu-96', onSeconds: 7200, spotSeconds: 3600, phases: [] };
  const cost = costOfRun(hour);
  assert.deepEqual(
    [cost?.total, cost?.spotSaved, cost?.perHour, cost?.provisioning],
    [5.24342, 2.29406, 2.62171, 'spot'],
  );
  const all = costOfRun({ ...hour, spotSeconds: 7200 });
  assert.deepEqual([all?.total, all?.perHour], [2.94936, 1.47468]);
  // Not seen off yet: as the configuration has it.
  const phases = [{ name: 'make', seconds: 3600 }];
  const early = costOfRun({ machineType: 'c4d-highcpu-96', phases }, { provisioning: 'spot' });
  assert.deepEqual([early?.total, early?.spotSaved], [1.47468, 2.29406]);
});

test('what was never on, or has no price, has no cost', () => {
  assert.equal(costOfRun({ machineType: 'c4d-highcpu-32' }), undefined);
  assert.equal(costOfRun({ machineType: 'z9-mega-2', onSeconds: 60 }), undefined);
});

test('dollars are written to the cent', () => {
  const written = [0, 0.0000213, 0.0042, 0.08, 0.8, 12.3, 1234.5].map(describeDollars);
  assert.deepEqual(written, ['$0', '<$0.01', '<$0.01', '$0.08', '$0.80', '$12.30', '$1234.50']);
});

test('an hour is written with the decimals that tell small machines apart', () => {
  const written = [0, 0.0042, 0.0083, 1.26].map(describeHourly);
  assert.deepEqual(written, ['$0 an hour', '$0.0042 an hour', '$0.0083 an hour', '$1.26 an hour']);
});

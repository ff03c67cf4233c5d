import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTANCE, LocalCompute, ZONE } from './local-compute.ts';

test('a stockout shows only in the operation, and leaves the instance stopped', async () => {
  await using local = await LocalCompute.start();
  local.context.faults.add({ operation: 'compute.instances.start', kind: 'stockout' });
  const operation = await local.finish('start');
  assert.equal(operation.httpErrorStatusCode, 503);
  assert.deepEqual(operation.error.errors, [
    {
      code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
      message:
        "The zone 'projects/test-project/zones/us-east4-c' does not have enough resources available to fulfill the " +
        'request. Try a different zone, or try again later.',
    },
  ]);
  assert.equal((await local.instance()).status, 'TERMINATED');
  assert.equal((await local.finish('start')).error, undefined);
});

test('a preempted machine is told, and has thirty seconds', async () => {
  await using local = await LocalCompute.start();
  await local.finish('setScheduling', { provisioningModel: 'SPOT' });
  await local.finish('start');
  local.vms.last.isStubborn = true;
  const operation = local.compute.preempt(ZONE, INSTANCE);
  assert.equal(local.vms.last.metadata.facts().instance?.preempted, true);
  await local.pass(0);
  assert.deepEqual(local.vms.last.windows, [30_000]);
  local.vms.last.turnOff('host');
  await local.done(operation.name);
  assert.equal((await local.instance()).status, 'TERMINATED');
  assert.deepEqual((await local.history()).slice(-1), ['compute.instances.preempted by system']);
});

test('a host error cuts the power; automaticRestart boots again', async () => {
  await using local = await LocalCompute.start();
  await local.finish('start');
  await local.done(local.compute.kill(ZONE, INSTANCE).name);
  await local.pass(200);
  await local.pass(300);
  assert.equal((await local.instance()).status, 'RUNNING');
  assert.deepEqual((await local.history()).slice(1), [
    'compute.instances.hostError by system',
    'compute.instances.automaticRestart by system',
  ]);
  await local.finish('stop');
  await local.finish('setScheduling', { automaticRestart: false });
  await local.finish('start');
  await local.done(local.compute.kill(ZONE, INSTANCE).name);
  await local.pass(1000);
  assert.equal((await local.instance()).status, 'TERMINATED');
});

test('a host error ends a shutdown that does not come to an end', async () => {
  await using local = await LocalCompute.start();
  await local.finish('start');
  local.vms.last.isStubborn = true;
  const { body: stop } = await local.act('stop');
  const operation = local.compute.kill(ZONE, INSTANCE);
  await local.done(stop.name);
  await local.done(operation.name);
  assert.equal((await local.instance()).status, 'TERMINATED');
});

test('a guest that switches itself off is told apart from a stop', async () => {
  await using local = await LocalCompute.start();
  await local.finish('start');
  local.vms.last.turnOff('guest');
  await local.pass(0);
  assert.equal((await local.instance()).status, 'STOPPING');
  await local.pass(200);
  assert.equal((await local.instance()).status, 'TERMINATED');
  assert.deepEqual((await local.history()).slice(1), ['compute.instances.guestTerminate by system']);
});

test('a guest that goes off during a stop has been stopped', async () => {
  await using local = await LocalCompute.start();
  await local.finish('start');
  local.vms.last.isStubborn = true;
  const { body: stop } = await local.act('stop');
  local.vms.last.turnOff('guest');
  await local.done(stop.name);
  assert.deepEqual((await local.history()).slice(1), ['stop by user@localhost']);
});

test('maxRunDuration stops the instance on time', async () => {
  await using local = await LocalCompute.start();
  await local.finish('setScheduling', {
    maxRunDuration: { seconds: 72_000 },
    instanceTerminationAction: 'STOP',
  });
  assert.deepEqual((await local.instance()).scheduling.maxRunDuration, { seconds: '72000' });
  await local.finish('start');
  const { resourceStatus, lastStartTimestamp } = await local.instance();
  const { terminationTimestamp } = resourceStatus.scheduling;
  assert.equal(Date.parse(terminationTimestamp ?? '') - Date.parse(lastStartTimestamp), 72_000_000);
  await local.pass(71_000_000);
  assert.equal((await local.instance()).status, 'RUNNING');
  await local.pass(1_000_000);
  await local.pass(200);
  const stopped = await local.instance();
  assert.equal(stopped.status, 'TERMINATED');
  assert.deepEqual(stopped.resourceStatus.scheduling, {});
  assert.deepEqual((await local.history()).slice(-1), ['stop by system']);
});

test('a boot that fails leaves the instance stopped, and the cause in the operation', async (t) => {
  await using local = await LocalCompute.start();
  const reported = t.mock.method(console, 'error', () => {});
  local.vms.failure = new Error('no bash');
  const operation = await local.finish('start');
  assert.deepEqual(operation.error.errors, [
    { code: 'INTERNAL_ERROR', message: 'The local cloud failed: Error: no bash' },
  ]);
  assert.equal((await local.instance()).status, 'TERMINATED');
  assert.equal(reported.mock.callCount(), 1);
});

test('after a restart of the local cloud, what was on has lost its power', async () => {
  await using local = await LocalCompute.start();
  await local.finish('start');
  local.vms.last.isStubborn = true;
  const { body: stop } = await local.act('stop');
  local.close();
  await local.open();
  const instance = await local.instance();
  assert.equal(instance.status, 'TERMINATED');
  assert.match(instance.machineType, /c4d-highcpu-32$/);
  const { body: interrupted } = await local.call('GET', `/operations/${stop.name}`);
  assert.deepEqual(interrupted.error.errors, [
    { code: 'INTERNAL_ERROR', message: 'The local cloud was stopped during this operation.' },
  ]);
  assert.deepEqual((await local.history()).slice(-1), ['compute.instances.hostError by system']);
});

test('the operation names the account whose token asked', async () => {
  await using local = await LocalCompute.start();
  const { body } = await local.call('POST', `/instances/${INSTANCE}/start`, undefined, {
    authorization: 'Bearer ya29.local.function-a@test-project.iam.gserviceaccount.com',
  });
  assert.equal(body.user, 'function-a@test-project.iam.gserviceaccount.com');
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Body, INSTANCE, LocalCompute, PROJECT, ZONE } from './local-compute.ts';

const PATH = `projects/${PROJECT}/zones/${ZONE}/instances`;

test('start takes an instance to RUNNING, and stop to TERMINATED', async () => {
  await using local = await LocalCompute.start();
  const { body: operation } = await local.act('start');
  assert.equal(operation.status, 'RUNNING');
  assert.equal(operation.operationType, 'start');
  assert.equal(operation.targetLink, `https://www.googleapis.com/compute/v1/${PATH}/${INSTANCE}`);
  assert.equal((await local.instance()).status, 'PROVISIONING');
  await local.pass(200);
  assert.equal((await local.instance()).status, 'STAGING');
  await local.done(operation.name);
  const running = await local.instance();
  assert.equal(running.status, 'RUNNING');
  assert.ok(Date.parse(running.lastStartTimestamp) >= Date.parse(operation.insertTime));
  const { body: stop } = await local.act('stop');
  assert.equal((await local.instance()).status, 'STOPPING');
  await local.done(stop.name);
  assert.equal((await local.instance()).status, 'TERMINATED');
  assert.deepEqual(local.vms.last.windows, [90_000]);
  assert.deepEqual(await local.history(), ['start by user@localhost', 'stop by user@localhost']);
});

test('a start of a running instance and a stop of a stopped one do nothing', async () => {
  await using local = await LocalCompute.start();
  assert.equal((await local.act('stop')).body.status, 'DONE');
  await local.finish('start');
  assert.equal((await local.act('start')).body.status, 'DONE');
  assert.equal(local.vms.booted.length, 1);
});

test('an instance that is stopping cannot be started', async () => {
  await using local = await LocalCompute.start();
  await local.finish('start');
  local.vms.last.isStubborn = true;
  await local.act('stop');
  const { status, body } = await local.act('start');
  assert.equal(status, 400);
  assert.equal(body.error.errors[0]?.reason, 'resourceNotReady');
  assert.equal(body.error.message, `The resource '${PATH}/${INSTANCE}' is not ready`);
});

test('a stop during a start overtakes it, and no machine is left on', async () => {
  await using local = await LocalCompute.start();
  const { body: start } = await local.act('start');
  await local.finish('stop');
  assert.deepEqual((await local.done(start.name)).error.errors, [
    {
      code: 'OPERATION_CANCELED_BY_USER',
      message: 'The start of machine was overtaken by a stop.',
    },
  ]);
  assert.equal((await local.instance()).status, 'TERMINATED');
  assert.equal(local.vms.on.length, 0);
});

test('a repeated requestId answers the first operation, and has no second effect', async () => {
  await using local = await LocalCompute.start();
  const requestId = randomUUID();
  const first = await local.finish(`start?requestId=${requestId}`);
  await local.finish('stop');
  const { body: again } = await local.act(`start?requestId=${requestId}`);
  assert.equal(again.name, first.name);
  assert.equal((await local.instance()).status, 'TERMINATED');
  const { status, body } = await local.act('start?requestId=7');
  assert.equal(status, 400);
  assert.equal(body.error.message, "Invalid value for field 'requestId': '7'. It must be a non-zero UUID.");
});

test('setMetadata replaces all items and wants the current fingerprint', async () => {
  await using local = await LocalCompute.start();
  const { metadata } = await local.instance();
  assert.equal((await local.setMetadata([{ key: 'A', value: '1' }])).status, 200);
  const changed = (await local.instance()).metadata;
  assert.notEqual(changed.fingerprint, metadata.fingerprint);
  assert.deepEqual(changed.items, [{ key: 'A', value: '1' }]);
  for (const fingerprint of [metadata.fingerprint, undefined]) {
    const { status, body } = await local.act('setMetadata', { fingerprint, items: [] });
    assert.equal(status, 412);
    assert.equal(body.error.errors[0]?.reason, 'conditionNotMet');
    assert.equal(body.error.message, 'Supplied fingerprint does not match current metadata fingerprint.');
  }
  assert.deepEqual((await local.instance()).metadata.items, [{ key: 'A', value: '1' }]);
});

test('metadata has the limits of the real one', async () => {
  await using local = await LocalCompute.start();
  const kib = (count: number) => 'x'.repeat(count * 1024);
  const cases = [
    [[{ key: 'A', value: kib(256) }], undefined],
    [
      [{ key: 'A', value: `${kib(256)}x` }],
      "Value for field 'metadata.items[0].value' is too large: maximum size 262144 character(s); actual size 262145.",
    ],
    [
      ['A', 'B', 'C'].map((key) => ({ key, value: kib(200) })),
      "Value for field 'metadata' is too large: maximum size 524288 character(s); actual size 614403.",
    ],
    [
      [
        { key: 'A', value: '1' },
        { key: 'A', value: '2' },
      ],
      'Metadata has duplicate key: A',
    ],
    [
      [{ key: 'a b', value: '1' }],
      "Invalid value for field 'metadata.items[0].key': 'a b'. Must be a match of regex '^[a-zA-Z0-9_-]{1,128}$'",
    ],
  ] as const;
  for (const [items, message] of cases) {
    const { status, body } = await local.setMetadata([...items]);
    assert.equal(status, message ? 400 : 200);
    assert.equal((body as Partial<Body>).error?.message, message);
  }
});

test('setLabels wants the current fingerprint', async () => {
  await using local = await LocalCompute.start();
  const { labelFingerprint } = await local.instance();
  const body = { labelFingerprint, labels: { 'test-hold': 'true' } };
  await local.finish('setLabels', body);
  assert.deepEqual((await local.instance()).labels, body.labels);
  const refused = await local.act('setLabels', body);
  assert.equal(refused.status, 412);
  assert.equal(
    refused.body.error.message,
    'Labels fingerprint either invalid or resource labels have changed',
  );
});

test('machine type and scheduling change only while stopped', async () => {
  await using local = await LocalCompute.start();
  const machineType = `zones/${ZONE}/machineTypes/c4d-highcpu-96`;
  await local.finish('setMachineType', { machineType });
  await local.finish('setScheduling', { provisioningModel: 'SPOT' });
  const instance = await local.instance();
  assert.match(instance.machineType, /\/machineTypes\/c4d-highcpu-96$/);
  assert.deepEqual(instance.scheduling, {
    automaticRestart: false,
    onHostMaintenance: 'TERMINATE',
    preemptible: true,
    provisioningModel: 'SPOT',
    instanceTerminationAction: 'STOP',
  });
  await local.finish('start');
  for (const [method, body] of [
    ['setMachineType', { machineType }],
    ['setScheduling', {}],
  ] as const) {
    const { status, body: refused } = await local.act(method, body);
    assert.equal(status, 400);
    assert.equal(refused.error.message, `Instance machine is RUNNING; ${method} needs it stopped.`);
  }
});

test('bad machine types and schedules are refused', async () => {
  await using local = await LocalCompute.start();
  const cases = [
    [
      'setMachineType',
      { machineType: 'zones/us-east4-c/machineTypes/big' },
      "Invalid value for field 'resource.machineType': 'zones/us-east4-c/machineTypes/big'. " +
        "Machine type with name 'big' does not exist in zone 'us-east4-c'.",
    ],
    [
      'setScheduling',
      { maxRunDuration: { seconds: '20' }, instanceTerminationAction: 'STOP' },
      "Invalid value for field 'scheduling.maxRunDuration': '20s'. It must be from 30 to 10368000 seconds.",
    ],
    [
      'setScheduling',
      { maxRunDuration: { seconds: '60' } },
      'You must specify scheduling.instanceTerminationAction when you use maxRunDuration.',
    ],
  ] as const;
  for (const [method, body, message] of cases) {
    const answer = await local.act(method, body);
    assert.equal(answer.status, 400);
    assert.equal(answer.body.error.message, message);
  }
});

test('wait returns when the operation is done, or after two minutes', async () => {
  await using local = await LocalCompute.start();
  await local.finish('start');
  local.vms.last.isStubborn = true;
  const { body: stop } = await local.act('stop');
  const waiting = local.call('POST', `/operations/${stop.name}/wait`);
  await local.call('GET', '/operations');
  await local.pass(120_000);
  assert.equal((await waiting).body.status, 'RUNNING');
  local.vms.last.turnOff('host');
  await local.done(stop.name);
  assert.equal((await local.call('POST', `/operations/${stop.name}/wait`)).body.status, 'DONE');
});

test('insert creates and starts, delete removes', async () => {
  await using local = await LocalCompute.start();
  const body = { name: 'other', machineType: 'zones/us-east4-c/machineTypes/e2-small' };
  const { body: insert } = await local.call('POST', '/instances', body);
  await local.done(insert.name);
  assert.equal((await local.call('GET', '/instances/other')).body.status, 'RUNNING');
  const again = await local.call('POST', '/instances', body);
  assert.equal(again.status, 409);
  assert.equal(again.body.error.message, `The resource '${PATH}/other' already exists`);
  const { body: removal } = await local.call('DELETE', '/instances/other');
  await local.done(removal.name);
  const gone = await local.call('GET', '/instances/other');
  assert.equal(gone.status, 404);
  assert.equal(gone.body.error.message, `The resource '${PATH}/other' was not found`);
  assert.equal(local.vms.on.length, 0);
});

test('reset boots another machine, and stays RUNNING', async () => {
  await using local = await LocalCompute.start();
  await local.finish('start');
  await local.finish('reset');
  assert.equal((await local.instance()).status, 'RUNNING');
  assert.equal(local.vms.booted.length, 2);
  assert.equal(local.vms.on.length, 1);
});

test('lists are filtered, ordered and paged', async () => {
  await using local = await LocalCompute.start();
  await local.finish('start');
  await local.finish('stop');
  const names = async (query: string) => {
    const { body } = await local.call('GET', `/operations?${query}`);
    return [body.items.map((each) => each.operationType), body.nextPageToken] as const;
  };
  assert.deepEqual(await names('filter=operationType%3D%22stop%22'), [['stop'], undefined]);
  assert.deepEqual(await names('filter=(operationType+ne+sto.)+AND+(status=DONE)'), [['start'], undefined]);
  const [newest, token] = await names('orderBy=creationTimestamp+desc&maxResults=1');
  assert.deepEqual(newest, ['stop']);
  assert.deepEqual(await names(`orderBy=creationTimestamp+desc&maxResults=1&pageToken=${token}`), [
    ['start'],
    undefined,
  ]);
});

test('paths work without /compute/v1, and what is not implemented says so', async () => {
  await using local = await LocalCompute.start();
  const url = `http://127.0.0.1:${local.port}/${PATH}/${INSTANCE}`;
  assert.equal((await fetch(url)).status, 200);
  const { status, body } = await local.act('suspend');
  assert.equal(status, 501);
  assert.equal(
    body.error.message,
    `The local cloud does not implement POST /compute/v1/${PATH}/${INSTANCE}/suspend (compute).`,
  );
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { InstancesClient, ZoneOperationsClient } from '@google-cloud/compute';
import { listen } from '../../http/service.ts';
import { createMetadataServer } from '../../metadata/metadata-server.ts';
import { fixedMetadata } from '../../metadata/source.ts';
import { INSTANCE, LocalCompute, PROJECT, ZONE } from './local-compute.ts';

const EMAIL = 'function-a@test-project.iam.gserviceaccount.com';
const target = { project: PROJECT, zone: ZONE, instance: INSTANCE };

let local: LocalCompute;
let metadata: ReturnType<typeof createMetadataServer>;
let instances: InstancesClient;
let operations: ZoneOperationsClient;

before(async () => {
  local = await LocalCompute.start();
  const facts = {
    project: { projectId: PROJECT, numericProjectId: '123456789012', attributes: {} },
    serviceAccount: { email: EMAIL, scopes: ['https://www.googleapis.com/auth/cloud-platform'] },
  };
  metadata = createMetadataServer(fixedMetadata(facts), local.context);
  process.env.GCE_METADATA_HOST = `127.0.0.1:${await listen(metadata, 0)}`;
  const options = { apiEndpoint: '127.0.0.1', port: local.port, protocol: 'http', fallback: true };
  instances = new InstancesClient(options);
  operations = new ZoneOperationsClient(options);
});

after(async () => {
  await Promise.all([instances.close(), operations.close()]);
  metadata.close();
  metadata.closeAllConnections();
  await local[Symbol.asyncDispose]();
  delete process.env.GCE_METADATA_HOST;
});

test('the official client starts, waits and stops, as the account of the metadata server', async () => {
  const requestId = randomUUID();
  const [started] = await instances.start({ ...target, requestId });
  const operation = started.latestResponse.name ?? '';
  const waiting = operations.wait({ project: PROJECT, zone: ZONE, operation });
  await local.done(operation);
  const [done] = await waiting;
  assert.equal(done.status, 'DONE');
  assert.equal(done.operationType, 'start');
  assert.equal(done.user, EMAIL);
  const [again] = await instances.start({ ...target, requestId });
  assert.equal(again.latestResponse.name, operation);
  const [instance] = await instances.get(target);
  assert.equal(instance.status, 'RUNNING');
  const [stopped] = await instances.stop(target);
  await local.done(stopped.latestResponse.name ?? '');
  assert.equal((await instances.get(target))[0].status, 'TERMINATED');
});

test('the official client sets metadata by fingerprint', async () => {
  const [{ metadata: before }] = await instances.get(target);
  const fingerprint = before?.fingerprint ?? '';
  await instances.setMetadata({
    ...target,
    metadataResource: { fingerprint, items: [{ key: 'RUN_ID', value: 'r1' }] },
  });
  const [{ metadata: set }] = await instances.get(target);
  assert.deepEqual(
    set?.items?.map(({ key, value }) => [key, value]),
    [['RUN_ID', 'r1']],
  );
  await assert.rejects(instances.setMetadata({ ...target, metadataResource: { fingerprint, items: [] } }), {
    code: 9,
    httpStatusCode: 412,
  });
});

test('the official client sets the schedule, int64 and all', async () => {
  await instances.setScheduling({
    ...target,
    schedulingResource: {
      automaticRestart: false,
      maxRunDuration: { seconds: 72_000 },
      instanceTerminationAction: 'STOP',
    },
  });
  const [{ scheduling }] = await instances.get(target);
  assert.equal(String(scheduling?.maxRunDuration?.seconds), '72000');
  assert.equal(scheduling?.automaticRestart, false);
});

test('the official client sees a missing instance and a stockout', async () => {
  await assert.rejects(instances.get({ ...target, instance: 'absent' }), {
    code: 5,
    httpStatusCode: 404,
  });
  local.context.faults.add({ operation: 'compute.instances.start', kind: 'stockout' });
  const [started] = await instances.start(target);
  await local.done(started.latestResponse.name ?? '');
  const [failed] = await operations.get({
    project: PROJECT,
    zone: ZONE,
    operation: started.latestResponse.name ?? '',
  });
  assert.equal(failed.error?.errors?.[0]?.code, 'ZONE_RESOURCE_POOL_EXHAUSTED');
});

test('the official client lists operations, instances and machine types', async () => {
  const [found] = await operations.list({ project: PROJECT, zone: ZONE, filter: 'operationType = "stop"' });
  assert.deepEqual(
    found.map((each) => each.operationType),
    ['stop'],
  );
  const zones: string[] = [];
  for await (const [zone, { instances: members }] of instances.aggregatedListAsync({ project: PROJECT }))
    if (members?.length) zones.push(zone);
  assert.deepEqual(zones, [`zones/${ZONE}`]);
  const [serial] = await instances.getSerialPortOutput({ ...target, start: 0 });
  assert.equal(serial.contents, '');
});

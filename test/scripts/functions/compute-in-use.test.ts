import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { computeInUse } from '../../../scripts/functions/compute-in-use.ts';

const root = join(import.meta.dirname, '../../..');
const protos = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@google-cloud/compute/build/protos/protos.json'),
    'utf8',
  ),
);

test('the clients and methods that sources use are found by reading them', () => {
  const files = ['compute-instance.ts', 'compute-zone.ts'].map((file) => join(root, 'shared/google', file));
  const { clients, services, identifiers } = computeInUse(files);
  assert.deepEqual([...clients.keys()], ['InstancesClient', 'ZoneOperationsClient']);
  const methods = Object.fromEntries(services(protos).map(({ name, methods }) => [name, methods]));
  for (const method of ['Get', 'SetMetadata', 'SetMachineType', 'SetScheduling', 'Start', 'Stop'])
    assert.ok(methods['google.cloud.compute.v1.Instances']?.includes(method), method);
  assert.ok(methods['google.cloud.compute.v1.ZoneOperations']?.includes('Wait'));
  assert.ok(!methods['google.cloud.compute.v1.Instances']?.includes('BulkInsert'));
  for (const field of ['lastStopTimestamp', 'errors']) assert.ok(identifiers.has(field), field);
});

test('a source without the package uses nothing of it', () => {
  const { clients } = computeInUse([join(root, 'shared/errors.ts')]);
  assert.deepEqual([...clients], []);
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startLocalCloud } from '../../../sandbox/local-cloud.ts';
import { configSchema } from '../../../shared/config/schema.ts';
import type { computeInstance } from '../../../shared/google/compute-instance.ts';
import { restEndpoint } from '../../../shared/google/endpoints.ts';
import type { storageObjects } from '../../../shared/google/storage-objects.ts';
import { systemClock } from '../../../shared/ports/clock.ts';
import { isOff } from '../../../shared/ports/instance.ts';
import { instanceContract } from '../../contract/instance.contract.ts';
import { objectsContract } from '../../contract/objects.contract.ts';

/** The adapters on Google's own client libraries. */
export interface Adapters {
  storageObjects: typeof storageObjects;
  computeInstance: typeof computeInstance;
}

/** What they must do over the wire, at the local cloud. One cloud per process: they are pointed to it by the environment. */
export async function googleContract(
  name: string,
  { storageObjects, computeInstance }: Adapters,
): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'vicinity-contract-'));
  const config = configSchema.parse({});
  const cloud = await startLocalCloud({
    stateDir,
    portBase: 0,
    config,
    functionsDir: stateDir,
    startupScript: '#!/bin/bash\nwhile sleep 0.2; do :; done\n',
  });
  Object.assign(process.env, cloud.env());
  after(async () => {
    await cloud.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  let made = 0;

  objectsContract(`Cloud Storage, ${name}`, async () => {
    const bucket = `contract-${++made}`;
    cloud.storage.ensureBucket(bucket);
    return storageObjects(bucket, config.project);
  });

  instanceContract(`Compute Engine, ${name}`, async () => {
    const name = `contract-${++made}`;
    const metadata = { items: [{ key: 'ssh-keys', value: 'kept' }] };
    const machineType = `zones/${config.zone}/machineTypes/c4d-highcpu-32`;
    cloud.compute.define(config.zone, { name, machineType, metadata });
    const { project, zone } = config;
    const endpoint = restEndpoint(process.env.VICINITY_COMPUTE_ENDPOINT);
    const instance = computeInstance({ project, zone, name, endpoint, clock: systemClock });
    return {
      instance,
      async untilOff() {
        for (let tries = 0; tries < 200 && !isOff((await instance.read()).status); tries += 1) {
          cloud.clock.advance(5000);
          await pause(25);
        }
      },
    };
  });

  test('whatever the size of an object, Node takes no reading for a leak', async () => {
    const bucket = `contract-${++made}`;
    cloud.storage.ensureBucket(bucket);
    const objects = storageObjects(bucket, config.project);
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    for (const bytes of [1, 70_000, 3_000_000]) {
      await objects.put('a/large', 'x'.repeat(bytes));
      assert.equal((await objects.read('a/large'))?.text.length, bytes);
      assert.equal((await text(await objects.open('a/large'))).length, bytes);
      assert.equal((await objects.readTail('a/large', bytes))?.length, bytes);
    }
    process.off('warning', note);
    assert.deepEqual(warnings, []);
  });

  test('passing faults of Cloud Storage are tried again, in every call and also after an unconditional write', async () => {
    const bucket = `contract-${++made}`;
    cloud.storage.ensureBucket(bucket);
    const objects = storageObjects(bucket, config.project);
    await objects.put('a/x', '1');
    const rule = { kind: 'error', urlContains: bucket };
    for (const operation of ['storage.objects.list', 'storage.objects.insert'])
      cloud.faults.add({ ...rule, operation });
    cloud.faults.add({ ...rule, operation: 'storage.objects.get', times: 2 });
    const [stored, listed] = await Promise.all([
      objects.read('a/x'),
      objects.list({ prefix: 'a/' }),
      objects.put('a/y', '2'),
    ]);
    assert.deepEqual([stored?.text, listed[0]?.name], ['1', 'a/x']);
    cloud.faults.add({ ...rule, operation: 'storage.objects.get', skip: 1 });
    assert.equal(await objects.readTail('a/x', 1), '1');
    assert.deepEqual(
      cloud.faults.list().map(({ struck }) => struck),
      [1, 1, 2, 1],
    );
  });
}

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUCKET } from './fixture/cloud.ts';
import { cloudFor } from './fixture/cloud-scope.ts';
import { ATTEMPT, RUN_ID } from './fixture/machine.ts';
import { runTool } from './fixture/tool.ts';

const ENDED = {
  ATTEMPT_PREFIX: ATTEMPT,
  RUN_ID,
  ATTEMPT: '1',
  BOOT_ID: 'boot',
  CAUSE: 'exit',
  EXIT_CODE: '0',
  END_PHASE: 'done',
  REASON: '',
  STARTED_AT: '2026-11-24T03:06:43Z',
  FINISHED_AT: '2026-11-24T13:06:43Z',
  WORKERS: '10',
  VCPUS: '32',
  MEMORY_BYTES: '64000000000',
};

test('an existing outcome is kept, and reported', async (t) => {
  const { cloud, directory, env } = await cloudFor(t);
  writeFileSync(join(directory, 'build.log'), '');
  await cloud.put(`${ATTEMPT}/outcome.json`, '{"first": true}');
  const { status, stderr } = await runTool('outcome', [BUCKET, directory], { ...env, ...ENDED });
  assert.deepEqual(
    [status, stderr],
    [3, `gs://${BUCKET}/${ATTEMPT}/outcome.json exists already and stands as it is.\n`],
  );
  assert.equal(await cloud.read(`${ATTEMPT}/outcome.json`), '{"first": true}');
});

test('an outcome whose first reply was lost is recorded, and counts as this attempt’s', async (t) => {
  const { cloud, directory, env } = await cloudFor(t);
  cloud.faults.add({ operation: 'storage.objects.insert', kind: 'drop' });
  const { status, stderr } = await runTool('outcome', [BUCKET, directory], { ...env, ...ENDED });
  assert.deepEqual([status, stderr], [0, '']);
  const { bootId, cause } = JSON.parse((await cloud.read(`${ATTEMPT}/outcome.json`)) ?? '{}');
  assert.deepEqual([bootId, cause], ['boot', 'exit']);
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { type LocalCloud, startLocalCloud } from '../../../sandbox/local-cloud.ts';
import { configSchema } from '../../../shared/config/schema.ts';
import { storageObjects } from '../../../shared/google/storage-objects.ts';
import { slotName, specName, statusName } from '../../../shared/model/layout.ts';
import { EMPTY_SLOT } from '../../../shared/model/slot.ts';
import { vicinity } from '../../cli/support/call.ts';
import { album, screen, snapshot } from '../../cli/support/screens.ts';
import { finishedStatus, RUN_ID } from '../../cli/support/statuses.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'vicinity-image-'));
const config = configSchema.parse({});
const cloud: LocalCloud = await startLocalCloud({
  stateDir,
  portBase: 0,
  config,
  functionsDir: stateDir,
  startupScript: '#!/bin/bash\nwhile sleep 0.2; do :; done\n',
});
Object.assign(process.env, cloud.env());
const env = cloud.env();
const objects = storageObjects(config.bucket, config.project);
after(async () => {
  await cloud.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const slot = slotName(config.instance);
const IMAGE = `vicinity-${RUN_ID}`;

beforeEach(async () => {
  await objects.put(statusName(RUN_ID), JSON.stringify(finishedStatus()));
  await objects.put(specName(RUN_ID), JSON.stringify({ provision: { apt: ['make'] } }));
  await objects.put(slot, JSON.stringify(EMPTY_SLOT));
});

async function compute(path: string) {
  const response = await fetch(
    `${env.VICINITY_COMPUTE_ENDPOINT}/compute/v1/projects/${config.project}${path}`,
  );
  return (await response.json()) as Record<string, unknown> & { labels: Record<string, string> };
}

test('refused while a run holds the VM, or waits for it', async () => {
  const queue = [{ runId: RUN_ID, since: '2026-11-24T03:00:00Z' }];
  await objects.put(slot, JSON.stringify({ ...EMPTY_SLOT, queue }));
  const { code, stderr } = await vicinity(['image', 'bake'], { env });
  assert.deepEqual(
    { code, stderr },
    {
      code: 2,
      stderr: `error: vicinity-batch: belongs to run ${RUN_ID}. Wait until it is over: vicinity watch ${RUN_ID}.\n`,
    },
  );
});

test('refused while the VM is on', async () => {
  const instance = cloud.compute.store.get(config.zone, config.instance);
  instance.status = 'RUNNING';
  const { code, stderr } = await vicinity(['image', 'bake'], { env });
  instance.status = 'TERMINATED';
  assert.deepEqual(
    { code, stderr },
    {
      code: 2,
      stderr:
        'error: vicinity-batch: is RUNNING. An image is made of a disk that stands still: stop the VM.\n',
    },
  );
});

test('what would be made', async () => {
  const { code, stdout } = await vicinity(['image', 'bake', '--dry-run'], { env });
  assert.deepEqual(
    { code, stdout },
    {
      code: 0,
      stdout: `${IMAGE}: The disk of vicinity-batch as run ${RUN_ID} of all has left it, with what its provisioning installs.\n`,
    },
  );
});

test('what a person sees', async (t) => {
  const screens = [
    await screen(['image', 'bake', '--dry-run'], { env }),
    await screen(['image', 'delete'], { env }),
  ];
  t.assert.fileSnapshot(album(screens), ...snapshot('image'));
});

test('the image is the newest of its family, and its labels tell what it was made of', async () => {
  const { code, stdout, stderr } = await vicinity(['image', 'bake'], { env });
  assert.deepEqual(
    { code, stdout, stderr },
    {
      code: 0,
      stdout: `${IMAGE} is the newest image of family vicinity (200 GB).\n`,
      stderr: `Creating image ${IMAGE} from the disk of vicinity-batch. This takes some minutes.\n`,
    },
  );
  const image = await compute('/global/images/family/vicinity');
  assert.equal(image.name, IMAGE);
  assert.equal(image.status, 'READY');
  assert.match(String(image.sourceDisk), /\/zones\/us-east4-c\/disks\/vicinity-batch$/);
  assert.equal(image.labels['vicinity-run'], RUN_ID);
  assert.match(image.labels['vicinity-provision'] ?? '', /^[0-9a-f]{32}$/);
  const again = await vicinity(['image', 'bake', '--json'], { env });
  assert.equal(again.code, 0, again.stderr);
  const { name, diskSizeGb, isNew } = JSON.parse(again.stdout);
  assert.deepEqual({ name, diskSizeGb, isNew }, { name: IMAGE, diskSizeGb: 200, isNew: false });
  const { items } = await compute('/global/images');
  assert.equal((items as unknown[]).length, 1);
});

test('there is no image yet: 404, as on Compute Engine', async () => {
  const answer = await compute('/global/images/family/other');
  const { error } = answer as { error?: { code: number; message: string } };
  assert.deepEqual(
    [error?.code, error?.message],
    [404, `The resource 'projects/vicinity-local/global/images/family/other' was not found`],
  );
});

test('wrong usage is told', async () => {
  const other = await vicinity(['image', 'delete'], { env });
  assert.deepEqual(
    [other.code, other.stderr],
    [2, 'error: delete: is not an action. Use vicinity image bake.\n'],
  );
  const family = await vicinity(['image', 'bake', '--family', 'Über'], { env });
  assert.equal(family.code, 2);
  assert.match(
    family.stderr,
    /Use at most 41 lower-case letters, digits and hyphens, beginning with a letter\./,
  );
});

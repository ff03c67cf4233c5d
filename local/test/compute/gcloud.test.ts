import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { CloudClock } from '../../core/clock.ts';
import { createProcessVmHost } from '../../vm/process/process-vm-host.ts';
import type { VmHost } from '../../vm/vm-host.ts';
import { withoutProgram } from '../support/without-program.ts';
import { INSTANCE, LocalCompute, PROJECT, ZONE } from './local-compute.ts';

const skip = withoutProgram('gcloud');

const directory = mkdtempSync(join(tmpdir(), 'gcp-local-gcloud-'));
let local: LocalCompute;
let vms: VmHost;

before(async () => {
  if (skip) return;
  local = new LocalCompute(new CloudClock());
  const { context } = local;
  const path = process.env.PATH ?? '';
  vms = await createProcessVmHost({ directory: join(directory, 'vm'), context, path, endpoints: () => ({}) });
  await local.open(vms);
  local.compute.define(ZONE, {
    name: INSTANCE,
    machineType: 'c4d-highcpu-32',
    metadata: { items: [{ key: 'startup-script', value: 'echo hello from the machine' }] },
  });
});

after(async () => {
  if (!skip) {
    await local[Symbol.asyncDispose]();
    await vms.close();
  }
  rmSync(directory, { recursive: true });
});

/** Runs `gcloud compute instances …` against the local cloud, and only that. */
async function gcloud(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('gcloud', ['compute', 'instances', ...words], {
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      CLOUDSDK_CONFIG: join(directory, 'config'),
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_CORE_PROJECT: PROJECT,
      CLOUDSDK_COMPUTE_ZONE: ZONE,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `http://127.0.0.1:${local.port}/compute/v1/`,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1,localhost',
    },
    timeout: 60_000,
  });
  return stdout;
}

const describe = (format: string) => gcloud('describe', INSTANCE, `--format=value(${format})`);

test('gcloud changes a stopped instance', { skip }, async () => {
  await Promise.all([
    gcloud('add-metadata', INSTANCE, '--metadata=RUN_ID=r1'),
    gcloud('add-labels', INSTANCE, '--labels=test-hold=true'),
    gcloud('set-machine-type', INSTANCE, '--machine-type=c4d-highcpu-96'),
    gcloud(
      'set-scheduling',
      INSTANCE,
      '--max-run-duration=20h',
      '--instance-termination-action=STOP',
      '--no-restart-on-failure',
    ),
  ]);
  const shown = await describe(
    'machineType.basename(),labels.test-hold,scheduling.maxRunDuration.seconds,metadata.items.len()',
  );
  assert.equal(shown, 'c4d-highcpu-96\ttrue\t72000\t2\n');
});

test('gcloud starts an instance, reads its console, and stops it', { skip }, async () => {
  await gcloud('start', INSTANCE);
  assert.match(await gcloud('list'), /^machine +us-east4-c +c4d-highcpu-96 .* RUNNING$/m);
  assert.match(await gcloud('get-serial-port-output', INSTANCE), /^hello from the machine$/m);
  await assert.rejects(gcloud('set-machine-type', INSTANCE, '--machine-type=e2-small'), {
    stderr: /Instance machine is RUNNING; setMachineType needs it stopped\./,
  });
  await gcloud('stop', INSTANCE);
  assert.equal(await describe('status'), 'TERMINATED\n');
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { endpointsOf } from '../../local/endpoints.ts';
import { clientEnvironment, exportLines, withLoopback } from '../../sandbox/client-environment.ts';
import { loadConfig } from '../../shared/config/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'environment-'));
after(() => rmSync(directory, { recursive: true }));

test('names every variable that a client needs', () => {
  const endpoints = endpointsOf({
    storage: 1,
    pubsub: 2,
    compute: 3,
    scheduler: 4,
    metadata: 5,
    slack: 6,
    functions: 7,
    admin: 8,
    management: 9,
  });
  assert.deepEqual(clientEnvironment({ config: loadConfig({ env: {} }), endpoints, directory }), {
    VICINITY_PROJECT: 'vicinity-local',
    VICINITY_ZONE: 'us-east4-c',
    VICINITY_INSTANCE: 'vicinity-batch',
    VICINITY_BUCKET: 'vicinity-local',
    VICINITY_LOCAL_ADMIN: 'http://127.0.0.1:8',
    VICINITY_LOCAL_SLACK: 'http://127.0.0.1:6',
    VICINITY_SLACK_ENDPOINT: 'http://127.0.0.1:6/api/',
    VICINITY_SLACK_WEBHOOK_URL: 'http://127.0.0.1:6/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
    STORAGE_EMULATOR_HOST: 'http://127.0.0.1:1',
    PUBSUB_EMULATOR_HOST: '127.0.0.1:2',
    VICINITY_COMPUTE_ENDPOINT: 'http://127.0.0.1:3',
    VICINITY_SCHEDULER_ENDPOINT: 'http://127.0.0.1:4',
    VICINITY_FUNCTIONS_ENDPOINT: 'http://127.0.0.1:9',
    VICINITY_RUN_ENDPOINT: 'http://127.0.0.1:9',
    VICINITY_SECRETS_ENDPOINT: 'http://127.0.0.1:9',
    VICINITY_IAM_ENDPOINT: 'http://127.0.0.1:9',
    VICINITY_RESOURCE_MANAGER_ENDPOINT: 'http://127.0.0.1:9',
    VICINITY_SERVICE_USAGE_ENDPOINT: 'http://127.0.0.1:9',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: 'http://127.0.0.1:1/storage/v1/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: 'http://127.0.0.1:2/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: 'http://127.0.0.1:3/compute/v1/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDSCHEDULER: 'http://127.0.0.1:4/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDFUNCTIONS: 'http://127.0.0.1:9/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: 'http://127.0.0.1:9/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDBUILD: 'http://127.0.0.1:9/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: 'http://127.0.0.1:9/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM: 'http://127.0.0.1:9/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER: 'http://127.0.0.1:9/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_SERVICEUSAGE: 'http://127.0.0.1:9/',
    GCE_METADATA_HOST: '127.0.0.1:5',
    GCE_METADATA_ROOT: '127.0.0.1:5',
    GCE_METADATA_IP: '127.0.0.1:5',
    GOOGLE_CLOUD_PROJECT: 'vicinity-local',
    GOOGLE_APPLICATION_CREDENTIALS: '',
    METADATA_SERVER_DETECTION: 'assume-present',
    CLOUDSDK_CONFIG: join(directory, 'gcloud'),
    CLOUDSDK_CORE_PROJECT: 'vicinity-local',
    CLOUDSDK_COMPUTE_ZONE: 'us-east4-c',
    CLOUDSDK_COMPUTE_REGION: 'us-east4',
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
    BOTO_CONFIG: join(directory, 'boto'),
  });
  assert.equal(readFileSync(join(directory, 'boto'), 'utf8'), '[GSUtil]\nuse_gcloud_storage = True\n');
});

test('adds the loopback addresses to the hosts that need no proxy, once', () => {
  assert.equal(withLoopback(undefined), '127.0.0.1,localhost');
  assert.equal(withLoopback('corp.example,localhost'), 'corp.example,localhost,127.0.0.1');
});

test('prints export lines, quoted only where a shell needs it', () => {
  assert.equal(
    exportLines({ A: '127.0.0.1:1', B: "it's here", C: '' }, { NO_PROXY: 'x.example' }),
    "export A=127.0.0.1:1\nexport B='it'\\''s here'\nexport C=\nexport NO_PROXY=x.example,127.0.0.1,localhost\nexport no_proxy=127.0.0.1,localhost\n",
  );
});

test('a shell reads back every value as it was', () => {
  const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(value, (text) => {
      const script = `${exportLines({ VALUE: text }, {})}printf %s "$VALUE"`;
      assert.equal(execFileSync('sh', ['-c', script], { encoding: 'utf8' }), text);
    }),
    { numRuns: 30 },
  );
});

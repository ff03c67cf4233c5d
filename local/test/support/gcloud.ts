import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { withoutProgram } from './without-program.ts';

/** For a test's `skip` option: the reason to skip it, or false. */
export const withoutGcloud = withoutProgram('gcloud');

/** Runs gcloud against local endpoints, without credentials, without the user's settings and without the network. */
export type Gcloud = (...args: string[]) => Promise<{ stdout: string; stderr: string }>;

/** `endpoints` by the name of the API, such as `{ PUBSUB: 'http://127.0.0.1:8791/' }`. */
export function gcloudFor(t: TestContext, endpoints: Record<string, string>): Gcloud {
  const config = mkdtempSync(join(tmpdir(), 'gcloud-'));
  t.after(() => rmSync(config, { recursive: true }));
  const overrides = Object.entries(endpoints).map(([api, url]) => [
    `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`,
    url,
  ]);
  const env = {
    ...process.env,
    CLOUDSDK_CONFIG: config,
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    CLOUDSDK_CORE_PROJECT: 'test-project',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '127.0.0.1,localhost',
    ...Object.fromEntries(overrides),
  };
  return (...args) => promisify(execFile)('gcloud', args, { env, timeout: 60_000 });
}

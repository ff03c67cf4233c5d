import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { withoutGcloud } from '../../local/test/support/gcloud.ts';
import type { Status } from '../../shared/model/status.ts';
import { eventually } from './harness.ts';
import { makePipeline } from './pipeline.ts';

const COMMAND = join(import.meta.dirname, '../../cli/bin/vicinity.cjs');
const DEPLOY_MS = 180_000;
const directory = mkdtempSync(join(tmpdir(), 'vicinity-gcloud-'));
const stateDir = join(directory, 'state');
const pipeline = makePipeline(directory);
after(() => rmSync(directory, { recursive: true }));

/** What `vicinity local env` prints. */
let exports = '';

/** Runs a script in a shell of a user who has typed `eval "$(vicinity local env)"`. */
function shell(script: string): Promise<string> {
  return bash(`${exports}\n${script}`);
}

/** Nothing can leave this computer. */
async function bash(script: string, timeout = 60_000): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    HTTPS_PROXY: 'http://127.0.0.1:9',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
  };
  const prelude = `set -euo pipefail\nvicinity() { '${process.execPath}' '${COMMAND}' "$@"; }\n`;
  const options = { cwd: pipeline.directory, env, timeout, maxBuffer: 16 * 1024 * 1024 };
  return (await promisify(execFile)('bash', ['-c', prelude + script], options)).stdout;
}

/** Publishes with the real gcloud; resolves with the finished status of the run that the message became. */
async function runOf(publish: string): Promise<Status> {
  const before = await newest();
  assert.match(await shell(`gcloud pubsub topics publish vicinity-run ${publish}`), /messageIds:\n- '\d+'/);
  return eventually('the run and its end', async () => {
    const status = await newest();
    if (!status || status.runId === before?.runId) return undefined;
    return status.vm.terminatedSeenAt ? status : undefined;
  });
}

async function newest(): Promise<Status | undefined> {
  const printed = await shell('vicinity status --json || test $? = 4');
  return printed.trim() === '' ? undefined : (JSON.parse(printed) as Status);
}

suite('a user with gcloud', { skip: withoutGcloud }, () => {
  before(async () => {
    await bash(`vicinity local up --iam --detach --state '${stateDir}' --port-base 0`);
    exports = await bash(`vicinity local env --state '${stateDir}'`);
    await bash(`${exports}\nvicinity deploy apply --yes && vicinity push`, DEPLOY_MS);
  });
  after(() => bash(`vicinity local down --state '${stateDir}'`));

  test('asks for a run with a message, and finds its results', async () => {
    const status = await runOf(`--message='{"target":"good","params":{"STATES":"maine"}}'`);
    assert.deepEqual([status.status, status.verdict], ['succeeded', 'ok']);
    const results = `gs://vicinity-local/results/${status.runId}`;
    assert.equal(status.resultsPrefix, results);
    const [listed, printed] = await Promise.all([
      shell(`gcloud storage ls -r '${results}/'`),
      shell(`gcloud storage cat '${results}/out/a.txt'`),
    ]);
    for (const name of ['build.log', 'out/a.txt', 'serial.log', 'summary.json', 'telemetry.csv'])
      assert.ok(listed.split('\n').includes(`${results}/${name}`), name);
    assert.match(printed, /^workers=\d+ states=maine\n$/);
    assert.equal(await shell(`gsutil ls '${results}/out/'`), `${results}/out/a.txt\n`);
  });

  test('asks for a run with attributes, and sees the VM off', async () => {
    const status = await runOf('--attribute=target=good,WORKERS=7,STATES=ohio');
    assert.equal(status.status, 'succeeded');
    assert.deepEqual(status.params, { WORKERS: '7', STATES: 'ohio' });
    const described = await shell('gcloud compute instances describe vicinity-batch --format=json');
    const instance = JSON.parse(described) as {
      status: string;
      metadata: { items: { key: string; value: string }[] };
    };
    const metadata = Object.fromEntries(instance.metadata.items.map(({ key, value }) => [key, value]));
    assert.equal(instance.status, 'TERMINATED');
    assert.deepEqual(
      [metadata.RUN_ID, metadata.TARGET, metadata.WORKERS, metadata.RESULTS_PREFIX],
      [status.runId, 'good', '7', status.resultsPrefix],
    );
  });

  test('is told of a request that is refused', async () => {
    const published = await shell(`gcloud pubsub topics publish vicinity-run --message='{"target":"bad"}'`);
    const messageId = /'(\d+)'/.exec(published)?.[1];
    const record = await eventually('the refusal', () =>
      shell(`gcloud storage cat gs://vicinity-local/rejected/${messageId}.json`).catch(() => undefined),
    );
    assert.match(record, /\\"bad\\" is not one of the configured targets/);
  });
});

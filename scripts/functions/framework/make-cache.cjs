// `npm run gcp-build`: runs the function once, on one event and against a stand-in of Google Cloud, and keeps what V8 compiled. Made where
// it will be used, since the cache of one Node is refused by another.
const { mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { request } = require('node:http');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { cacheOf, load, scripts } = require('./load.cjs');
const { documents, event } = require('./cancelled-run.cjs');
const { startStandIn } = require('./stand-in.cjs');

const DEADLINE_MS = 20_000;

async function main() {
  const directory = mkdtempSync(join(tmpdir(), 'function-'));
  const { address } = await startStandIn(documents);
  const webhook = join(directory, 'webhook');
  writeFileSync(webhook, `http://${address}/webhook`);
  Object.assign(process.env, {
    PORT: join(directory, 'socket'),
    K_SERVICE: 'none',
    FUNCTION_SIGNATURE_TYPE: 'cloudevent',
    GOOGLE_CLOUD_PROJECT: 'none',
    GCE_METADATA_HOST: address,
    STORAGE_EMULATOR_HOST: `http://${address}`,
    VICINITY_COMPUTE_ENDPOINT: `http://${address}`,
    // A proxy could not reach the stand-in.
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
    VICINITY_CONFIG: '{}',
    VICINITY_SLACK_WEBHOOK_FILE: webhook,
  });
  try {
    const bundle = load(require.resolve(resolve('index.cjs')));
    process.env.FUNCTION_TARGET = Object.keys(bundle).find((name) => name !== 'listen');
    bundle.listen();
    const status = await send(process.env.PORT, JSON.stringify(event));
    if (status >= 300) throw new Error(`The function answered ${status} to its first event.`);
    for (const [file, script] of scripts) {
      writeFileSync(`${cacheOf(file)}.draft`, script.createCachedData());
      renameSync(`${cacheOf(file)}.draft`, cacheOf(file));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Once the function listens. Resolves with the answer's status. */
async function send(socketPath, body) {
  const headers = { 'content-type': 'application/json' };
  const path = '/projects/none/topics/none';
  for (const deadline = Date.now() + DEADLINE_MS; ; await sleep(20)) {
    try {
      return await new Promise((answered, failed) => {
        const call = request({ socketPath, method: 'POST', path, headers, timeout: DEADLINE_MS });
        call.on('response', ({ statusCode }) => answered(statusCode)).on('error', failed);
        call.on('timeout', () =>
          call.destroy(new Error(`The function did not answer within ${DEADLINE_MS} ms.`)),
        );
        call.end(body);
      });
    } catch (error) {
      const isListening = !['ENOENT', 'ECONNREFUSED'].includes(error.code);
      if (isListening || Date.now() > deadline) throw error;
    }
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(`No code cache was made; the function starts without one. ${error.stack}`);
    process.exit(1);
  },
);

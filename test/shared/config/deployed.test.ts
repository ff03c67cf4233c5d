import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configDifferences, readDeployedConfig } from '../../../shared/config/deployed.ts';
import { loadConfig } from '../../../shared/config/load.ts';

const configOf = (text: string) => loadConfig({ text, env: {} });

test('names each setting that differs, with both values', () => {
  const deployed = configOf('targets: { all: { outputs: [a], maxDuration: 10h } }\ndefaultTarget: all\n');
  const local = configOf('targets: { all: { outputs: [a, b] } }\ndefaultTarget: all\ntelemetryInterval: 9\n');
  assert.deepEqual(configDifferences(deployed, local), [
    { path: 'targets.all.outputs', deployed: '["a"]', local: '["a","b"]' },
    { path: 'targets.all.maxDuration', deployed: '"10h"', local: 'absent' },
    { path: 'telemetryInterval', deployed: '5', local: '9' },
  ]);
});

test('the names of the deployment and what only the command uses make no difference', () => {
  const local = configOf('project: another-project\nbucket: other-bucket\nsource: { inputs: [a] }\n');
  assert.deepEqual(configDifferences(configOf(''), local), []);
});

test('a configuration that was never recorded, or by a version with other settings, is unknown', async () => {
  const readerOf = (text?: string) => ({
    read: async () => (text === undefined ? undefined : { text, generation: '1' }),
  });
  assert.equal(await readDeployedConfig(readerOf(), 'vm'), undefined);
  assert.equal(await readDeployedConfig(readerOf('{"later": 1}'), 'vm'), undefined);
  assert.equal(await readDeployedConfig(readerOf('not JSON'), 'vm'), undefined);
  assert.equal((await readDeployedConfig(readerOf('{}'), 'vm'))?.telemetryInterval, 5);
});

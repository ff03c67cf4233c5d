import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentFile, guestEnvironment, portsIn } from '../../../vm/nspawn/environment.ts';

const ENDPOINTS = {
  STORAGE_EMULATOR_HOST: 'http://127.0.0.1:8790',
  PUBSUB_EMULATOR_HOST: '127.0.0.1:8791',
  CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: 'http://127.0.0.1:8790/storage/v1/',
};

test('a machine finds the services at the cloud’s end of its network', () => {
  assert.deepEqual(portsIn(ENDPOINTS), [8790, 8791]);
  const variables = guestEnvironment(ENDPOINTS, 'http://10.128.0.1:3128');
  assert.equal(variables.STORAGE_EMULATOR_HOST, 'http://10.128.0.1:8790');
  assert.equal(variables.PUBSUB_EMULATOR_HOST, '10.128.0.1:8791');
  assert.equal(variables.CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE, 'http://10.128.0.1:8790/storage/v1/');
  assert.deepEqual([variables.http_proxy, variables.HTTPS_PROXY], Array(2).fill('http://10.128.0.1:3128'));
  assert.match(variables.no_proxy ?? '', /metadata\.google\.internal,169\.254\.169\.254,10\.128\.0\.1$/);
});

test('an environment file has a variable a line', () => {
  assert.equal(environmentFile({ A: '1', B: 'x y' }), 'A="1"\nB="x y"\n');
});

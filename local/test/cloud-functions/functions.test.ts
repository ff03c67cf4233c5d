import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { v2 } from '@google-cloud/functions';
import { ServicesClient } from '@google-cloud/run';
import type { Cloud } from '../../cloud.ts';
import { googleVariables } from '../../endpoints.ts';
import { anonymousAuth } from '../anonymous-auth.ts';
import { startEmptyCloud, workFolder } from '../cloud/test-cloud.ts';
import { gcloudFor, withoutGcloud } from '../support/gcloud.ts';
import { restEndpoint } from '../support/rest-endpoint.ts';
import { zipOf } from './zip.ts';

const OVERRIDES = 'CLOUDSDK_API_ENDPOINT_OVERRIDES_';
const PARENT = 'projects/test-project/locations/us-east4';
const NAME = `${PARENT}/functions/greet`;
const ACCOUNT = 'test-greet@test-project.iam.gserviceaccount.com';
const MANIFEST = JSON.stringify({
  main: 'index.cjs',
  dependencies: { '@google-cloud/functions-framework': '5.0.5' },
  scripts: { 'gcp-build': 'echo built > built.txt' },
});
/** Answers what it was told, what it was given, and who it is. */
const GREETER = `
const { http } = require('@google-cloud/functions-framework');
const { readFileSync, existsSync } = require('node:fs');
http('greet', async (request, response) => {
  const email = await fetch('http://' + process.env.GCE_METADATA_HOST + '/computeMetadata/v1/instance/service-accounts/default/email',
    { headers: { 'metadata-flavor': 'Google' } });
  const secret = process.env.SECRET_FILE;
  response.json({
    greeting: process.env.GREETING,
    path: request.path,
    built: existsSync('built.txt'),
    secret: existsSync(secret) ? readFileSync(secret, 'utf8') : undefined,
    account: await email.text(),
  });
});`;

const work = workFolder();
after(work.remove);
let cloud: Cloud;
let client: v2.FunctionServiceClient;
let count = 0;

before(() => {
  process.env.GOOGLE_CLOUD_PROJECT = 'test-project';
});
beforeEach(async () => {
  count += 1;
  const stateDir = join(work.path, `state-${count}`);
  cloud = await startEmptyCloud({ stateDir });
  client = new v2.FunctionServiceClient(optionsOf(cloud));
  cloud.project.directory.accounts.create('test-greet', {});
  cloud.project.secrets.create('webhook', { replication: { automatic: {} } });
});
afterEach(() => cloud.close());

function optionsOf({ endpoints }: Cloud) {
  return { ...restEndpoint(endpoints.management), auth: anonymousAuth as never, fallback: true };
}

async function upload(files: Record<string, string>) {
  const [{ uploadUrl, storageSource }] = await client.generateUploadUrl({ parent: PARENT });
  const headers = { 'content-type': 'application/zip' };
  const response = await fetch(uploadUrl ?? '', {
    method: 'PUT',
    headers,
    body: new Uint8Array(zipOf(files)),
  });
  assert.equal(response.status, 200, await response.text());
  return storageSource ?? {};
}

async function deploy(files: Record<string, string> = { 'package.json': MANIFEST, 'index.cjs': GREETER }) {
  const storageSource = await upload(files);
  const [operation] = await client.createFunction({
    parent: PARENT,
    functionId: 'greet',
    function: {
      environment: 'GEN_2',
      labels: { 'managed-by': 'test' },
      buildConfig: { runtime: 'nodejs24', entryPoint: 'greet', source: { storageSource } },
      serviceConfig: {
        serviceAccountEmail: ACCOUNT,
        timeoutSeconds: 540,
        environmentVariables: { GREETING: 'hello', SECRET_FILE: '/etc/greet/webhook' },
        secretVolumes: [
          {
            mountPath: '/etc/greet',
            projectId: 'test-project',
            secret: 'webhook',
            versions: [{ version: 'latest', path: 'webhook' }],
          },
        ],
      },
    },
  });
  return operation.promise();
}

const call = async (path = '') => {
  const response = await fetch(`${cloud.endpoints.functions}/greet${path}`, { method: 'POST' });
  return { status: response.status, body: await response.text() };
};
const addSecret = (text: string) =>
  cloud.project.secrets.addVersion('webhook', { data: Buffer.from(text).toString('base64') });

test('the official client: what was uploaded is built and served, as its account, with its secret as a file', async () => {
  addSecret('one');
  await deploy();
  const [fn] = await client.getFunction({ name: NAME });
  assert.deepEqual(
    [fn.state, fn.serviceConfig?.uri, fn.serviceConfig?.timeoutSeconds, fn.serviceConfig?.availableMemory],
    ['ACTIVE', `${cloud.endpoints.functions}/greet`, 540, '256M'],
  );
  const greeting = { greeting: 'hello', path: '/a/b', built: true, secret: 'one', account: ACCOUNT };
  assert.deepEqual(await call('/a/b').then(({ body }) => JSON.parse(body)), greeting);
  addSecret('two');
  assert.equal(JSON.parse((await call()).body).secret, 'two');
  const services = new ServicesClient(optionsOf(cloud));
  const resource = `${PARENT}/services/greet`;
  assert.equal((await services.getService({ name: resource }))[0].uri, fn.serviceConfig?.uri);
  const binding = { role: 'roles/run.invoker', members: ['user:ada@example.com'] };
  await services.setIamPolicy({ resource, policy: { bindings: [binding] } });
  assert.deepEqual((await services.getIamPolicy({ resource }))[0].bindings?.[0]?.members, binding.members);
});

test('the official client: changes settings without a build, and deletes', async () => {
  addSecret('one');
  await deploy();
  const [before] = await client.getFunction({ name: NAME });
  const serviceConfig = { ...before.serviceConfig, environmentVariables: { GREETING: 'salut' } };
  const [operation] = await client.updateFunction({
    function: { name: NAME, serviceConfig },
    updateMask: { paths: ['service_config'] },
  });
  await operation.promise();
  const answer = JSON.parse((await call()).body);
  assert.deepEqual([answer.greeting, answer.built], ['salut', true]);
  const [deletion] = await client.deleteFunction({ name: NAME });
  await deletion.promise();
  assert.equal((await call()).status, 404);
  await assert.rejects(client.getFunction({ name: NAME }), { message: /was not found/ });
});

test('serves what was deployed after a restart of the cloud', async () => {
  addSecret('one');
  await deploy();
  await cloud.close();
  const stateDir = join(work.path, `state-${count}`);
  cloud = await startEmptyCloud({ stateDir });
  assert.equal(JSON.parse((await call()).body).greeting, 'hello');
});

const FAILURES: [what: string, files: Record<string, string>, message: RegExp][] = [
  ['no package.json', { 'index.cjs': GREETER }, /The source has no package\.json at its top\./],
  [
    'a dependency that is not bundled',
    { 'package.json': '{"dependencies":{"left-pad":"1"}}', 'index.cjs': GREETER },
    /npm would install left-pad 1; the local cloud has no registry\./,
  ],
  [
    'a build script that fails',
    { 'package.json': '{"scripts":{"gcp-build":"echo no >&2; false"}}' },
    /The script gcp-build failed: no/,
  ],
  [
    'code that does not start',
    { 'package.json': '{"main":"index.cjs"}', 'index.cjs': 'throw new Error("broken")' },
    /The function greet did not start\..*Could not load the function/s,
  ],
];
for (const [what, files, message] of FAILURES)
  test(`a deployment fails by ${what}, and the function says so`, async () => {
    addSecret('one');
    await assert.rejects(deploy(files), { message });
    const [fn] = await client.getFunction({ name: NAME });
    assert.equal(fn.state, 'FAILED');
    assert.match(fn.stateMessages?.[0]?.message ?? '', message);
  });

test('a deployment fails without a version of its secret', async () => {
  await assert.rejects(deploy(), {
    message:
      /Secret projects\/123456789012\/secrets\/webhook\/versions\/latest was not found or cannot be read\./,
  });
});

test('gcloud functions: deploy, deploy again, invoker, describe, delete', {
  skip: withoutGcloud,
}, async (t) => {
  addSecret('one');
  cloud.project.services.enableAll();
  const source = join(work.path, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'package.json'), MANIFEST);
  writeFileSync(join(source, 'index.cjs'), GREETER);
  const overrides = Object.entries(googleVariables(cloud.endpoints)).filter(([name]) =>
    name.startsWith(OVERRIDES),
  );
  const endpoints = Object.fromEntries(overrides.map(([name, url]) => [name.slice(OVERRIDES.length), url]));
  const gcloud = gcloudFor(t, endpoints);
  const deployment = [
    ...['--gen2', '--region=us-east4', '--runtime=nodejs24', '--entry-point=greet', `--source=${source}`],
    ...['--trigger-http', '--no-allow-unauthenticated', `--service-account=${ACCOUNT}`],
    ...['--set-secrets=/etc/greet/webhook=webhook:latest', '--ingress-settings=internal-only'],
  ];
  for (const greeting of ['hello', 'salut']) {
    const environment = `--set-env-vars=GREETING=${greeting},SECRET_FILE=/etc/greet/webhook`;
    await gcloud('functions', 'deploy', 'greet', ...deployment, environment);
    const answer = JSON.parse((await call()).body);
    assert.deepEqual([answer.greeting, answer.secret, answer.account], [greeting, 'one', ACCOUNT]);
  }
  const region = '--region=us-east4';
  const { stdout } = await gcloud('functions', 'describe', 'greet', region, '--format=value(state)');
  assert.equal(stdout, 'ACTIVE\n');
  const invoker = ['--member=user:ada@example.com', '--role=roles/run.invoker'];
  await gcloud('run', 'services', 'add-iam-policy-binding', 'greet', region, ...invoker);
  await gcloud('functions', 'delete', 'greet', region);
  assert.equal((await call()).status, 404);
});

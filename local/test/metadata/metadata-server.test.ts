import assert from 'node:assert/strict';
import { request, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, test } from 'node:test';
import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { listen } from '../../http/service.ts';
import { createMetadataServer } from '../../metadata/metadata-server.ts';
import { fixedMetadata, type MetadataFacts, type MetadataSource } from '../../metadata/source.ts';

const EMAIL = 'vm@test-project.iam.gserviceaccount.com';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const HOST_FACTS: MetadataFacts = {
  project: { projectId: 'test-project', numericProjectId: '123456789012', attributes: {} },
  serviceAccount: { email: EMAIL, scopes: [SCOPE] },
};

/** A source whose attributes change. */
class ChangingSource implements MetadataSource {
  attributes: Record<string, string> = {};
  readonly #listeners = new Set<() => void>();

  facts(): MetadataFacts {
    return {
      ...HOST_FACTS,
      instance: {
        id: '4000000000000001',
        name: 'machine',
        hostname: 'machine.us-east4-c.c.test-project.internal',
        zone: 'us-east4-c',
        machineType: 'c4d-highcpu-32',
        cpuPlatform: 'AMD Turin',
        preempted: false,
        maintenanceEvent: 'NONE',
        scheduling: { automaticRestart: false, onHostMaintenance: 'TERMINATE', preemptible: true },
        tags: ['batch'],
        attributes: this.attributes,
        disks: [{ deviceName: 'boot', mode: 'READ_WRITE', type: 'PERSISTENT-BALANCED' }],
        networkInterfaces: [{ ip: '127.0.0.1', mac: '42:01:7f:00:00:01', network: 'default' }],
      },
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get waiting(): number {
    return this.#listeners.size;
  }

  set(attributes: Record<string, string>): void {
    this.attributes = attributes;
    for (const listener of this.#listeners) listener();
  }
}

const clock = new CloudClock();
const context = { clock, faults: new Faults(), onCall() {} };
const source = new ChangingSource();
const servers: Server[] = [];
let port: number;

before(async () => {
  port = await serve(source);
});

beforeEach(() => source.set({ TARGET: 'all', 'startup-script': '#!/bin/bash\necho "hi"\n' }));

after(() => {
  for (const server of servers) server.close().closeAllConnections();
  clock.close();
});

async function serve(served: MetadataSource): Promise<number> {
  const server = createMetadataServer(served, context);
  servers.push(server);
  return listen(server, 0);
}

function get(path: string, headers: Record<string, string> = { 'metadata-flavor': 'Google' }) {
  const url = `http://127.0.0.1:${port}/computeMetadata/v1/${path}`;
  return fetch(url, { headers, redirect: 'manual' });
}

const read = async (path: string) => (await get(path)).text();

/** Resolves when a request waits for a change. */
async function somebodyWaits(): Promise<void> {
  while (source.waiting === 0) await new Promise(setImmediate);
}

test('every value of an instance is where the real one has it', async () => {
  const values = {
    'instance/attributes/TARGET': 'all',
    'instance/attributes/startup-script': '#!/bin/bash\necho "hi"\n',
    'instance/id': '4000000000000001',
    'instance/name': 'machine',
    'instance/zone': 'projects/123456789012/zones/us-east4-c',
    'instance/hostname': 'machine.us-east4-c.c.test-project.internal',
    'instance/machine-type': 'projects/123456789012/machineTypes/c4d-highcpu-32',
    'instance/cpu-platform': 'AMD Turin',
    'instance/preempted': 'FALSE',
    'instance/maintenance-event': 'NONE',
    'instance/scheduling/preemptible': 'TRUE',
    'instance/scheduling/automatic-restart': 'FALSE',
    'instance/scheduling/on-host-maintenance': 'TERMINATE',
    'instance/tags': '["batch"]',
    'instance/disks/0/device-name': 'boot',
    'instance/network-interfaces/0/ip': '127.0.0.1',
    'instance/service-accounts/default/email': EMAIL,
    'instance/service-accounts/default/scopes': SCOPE,
    'instance/service-accounts/default/aliases': 'default',
    'project/project-id': 'test-project',
    'project/numeric-project-id': '123456789012',
    'universe/universe-domain': 'googleapis.com',
  };
  for (const [path, value] of Object.entries(values)) assert.equal(await read(path), value, path);
});

test('directories are listed, and a path without its slash is redirected', async () => {
  assert.equal(await read('instance/service-accounts/'), `${EMAIL}/\ndefault/\n`);
  assert.equal(await read('instance/service-accounts/default/'), 'aliases\nemail\nidentity\nscopes\ntoken\n');
  assert.equal(await read(''), 'instance/\nproject/\nuniverse/\n');
  const redirect = await get('instance?alt=text');
  assert.equal(redirect.status, 301);
  assert.equal(redirect.headers.get('location'), '/computeMetadata/v1/instance/?alt=text');
});

test('recursive answers are JSON in camel case, without tokens; attributes keep their names', async () => {
  const instance = JSON.parse(await read('instance/?recursive=true'));
  assert.equal(instance.machineType, 'projects/123456789012/machineTypes/c4d-highcpu-32');
  assert.equal(instance.id, 4000000000000001);
  assert.deepEqual(instance.attributes, source.attributes);
  assert.deepEqual(instance.disks, [
    { deviceName: 'boot', index: 0, mode: 'READ_WRITE', type: 'PERSISTENT-BALANCED' },
  ]);
  const account = { aliases: ['default'], email: EMAIL, scopes: [SCOPE] };
  assert.deepEqual(instance.serviceAccounts, { [EMAIL]: account, default: account });
  assert.deepEqual(JSON.parse(await read(`instance/service-accounts/${EMAIL}/?recursive=true`)), account);
  assert.equal(
    await read('project/?recursive=true&alt=text'),
    'numeric-project-id 123456789012\nproject-id test-project\n',
  );
  assert.equal(await read('instance/attributes/TARGET?alt=json'), '"all"');
});

test('repeated slashes are one', async () => {
  const root = JSON.parse(await read('/?recursive=true'));
  assert.equal(root.project.projectId, 'test-project');
  assert.equal(await read('instance//name'), 'machine');
});

test('the header is wanted, and every answer carries it', async () => {
  const cases = [
    [{}, 'Missing Metadata-Flavor:Google header.\n'],
    [
      { 'metadata-flavor': 'Google', 'x-forwarded-for': '10.0.0.1' },
      'Requests with an X-Forwarded-For header are refused.\n',
    ],
  ] as const;
  for (const [headers, message] of cases) {
    const refused = await get('instance/name', headers);
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('metadata-flavor'), 'Google');
    assert.equal(await refused.text(), message);
  }
  const ping = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(ping.status, 200);
  assert.equal(ping.headers.get('metadata-flavor'), 'Google');
});

test('what is not there is 404', async () => {
  for (const path of ['instance/attributes/ABSENT', 'instance/constructor', 'instance/name/', 'other'])
    assert.equal((await get(path)).status, 404, path);
});

test('tokens name their account', async () => {
  const response = await get('instance/service-accounts/default/token');
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.deepEqual(await response.json(), {
    access_token: `ya29.local.${EMAIL}`,
    expires_in: 3599,
    token_type: 'Bearer',
  });
  const identity = await read('instance/service-accounts/default/identity?audience=https://x.example');
  const claims = JSON.parse(Buffer.from(identity.split('.')[1] ?? '', 'base64url').toString());
  assert.equal(claims.aud, 'https://x.example');
  assert.equal(claims.email, EMAIL);
  const refused = await get('instance/service-accounts/default/identity');
  assert.equal(refused.status, 400);
  assert.equal(await refused.text(), 'non-empty audience parameter required\n');
});

test('a change of another value does not end a wait; its own does, with a new ETag', async () => {
  const now = await get('instance/attributes/TARGET');
  const etag = now.headers.get('etag');
  let isAnswered = false;
  const waiting = get(`instance/attributes/TARGET?wait_for_change=true&last_etag=${etag}`).then((answer) => {
    isAnswered = true;
    return answer;
  });
  await somebodyWaits();
  source.set({ ...source.attributes, OTHER: '1' });
  await get('instance/name');
  assert.equal(isAnswered, false);
  source.set({ ...source.attributes, TARGET: 'none' });
  const answer = await waiting;
  assert.equal(await answer.text(), 'none');
  assert.notEqual(answer.headers.get('etag'), etag);
  assert.equal(source.waiting, 0);
});

test('a wait with an old ETag is answered at once, and one without a change when its time is over', async () => {
  const late = await get('instance/attributes/?recursive=true&wait_for_change=true&last_etag=0');
  assert.deepEqual(await late.json(), source.attributes);
  const waiting = get('instance/attributes/TARGET?wait_for_change=true&timeout_sec=60');
  await somebodyWaits();
  clock.advance(60_000);
  assert.equal(await (await waiting).text(), 'all');
});

test('a client that hangs up waits no longer', async () => {
  const controller = new AbortController();
  const url = `http://127.0.0.1:${port}/computeMetadata/v1/instance/name?wait_for_change=true`;
  const waiting = fetch(url, { headers: { 'metadata-flavor': 'Google' }, signal: controller.signal });
  await somebodyWaits();
  controller.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  while (source.waiting > 0) await new Promise(setImmediate);
});

test('a request through http_proxy has a whole URL, and is answered', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(
    {
      port,
      path: 'http://metadata.google.internal/computeMetadata/v1/instance/name',
      headers: { 'metadata-flavor': 'Google' },
    },
    (response) => text(response).then(resolve, reject),
  ).end();
  assert.equal(await promise, 'machine');
});

test('the host is no instance, but has an account', async () => {
  const hostPort = await serve(fixedMetadata(HOST_FACTS));
  const url = `http://127.0.0.1:${hostPort}/computeMetadata/v1/instance/`;
  const response = await fetch(url, { headers: { 'metadata-flavor': 'Google' } });
  assert.equal(await response.text(), 'service-accounts/\n');
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { v2 } from '@google-cloud/functions';
import type { Activity } from '../../activity.ts';
import { PUBSUB_AGENT } from '../../iam/directory.ts';
import { anonymousAuth } from '../anonymous-auth.ts';
import { nextActivity } from '../cloud/test-cloud.ts';
import { zipOf } from '../cloud-functions/zip.ts';
import { restEndpoint } from '../support/rest-endpoint.ts';
import { BUCKET, type GuardedCloud, startGuardedCloud, TOPIC } from './guarded-cloud.ts';

const PARENT = 'projects/test-project/locations/us-east4';
const SERVICE = `//run.googleapis.com/${PARENT}/services/keeper`;
const ON_BUCKET = `//storage.googleapis.com/projects/_/buckets/${BUCKET}`;
const email = (name: string) => `test-${name}@test-project.iam.gserviceaccount.com`;
const member = (name: string) => `serviceAccount:${email(name)}`;
const AGENT = `serviceAccount:${PUBSUB_AGENT}`;
const DEAD = 'projects/test-project/topics/dead';
const SUBSCRIPTION = 'projects/test-project/subscriptions/keeper';

/** Writes an object without a token, as the Storage client does with STORAGE_EMULATOR_HOST. */
const KEEPER = `
const { http } = require('@google-cloud/functions-framework');
http('keep', async (request, response) => {
  const url = process.env.STORAGE_EMULATOR_HOST + '/upload/storage/v1/b/${BUCKET}/o?uploadType=media&name=kept';
  const written = await fetch(url, { method: 'POST', body: 'x' });
  response.status(written.status).send(await written.text());
});`;

let guarded: GuardedCloud;
before(async () => {
  process.env.GOOGLE_CLOUD_PROJECT = 'test-project';
  guarded = await startGuardedCloud();
  for (const name of ['keeper', 'push']) guarded.cloud.project.directory.accounts.create(`test-${name}`, {});
  await deployKeeper();
  guarded.cloud.pubsub.ensureTopic(DEAD);
  guarded.cloud.pubsub.ensureSubscription({
    name: SUBSCRIPTION,
    topic: TOPIC,
    pushConfig: {
      pushEndpoint: `${uri()}/${TOPIC}`,
      oidcToken: { serviceAccountEmail: email('push'), audience: uri() },
    },
    retryPolicy: { minimumBackoff: '1s', maximumBackoff: '1s' },
    deadLetterPolicy: { deadLetterTopic: DEAD, maxDeliveryAttempts: 5 },
  });
});
after(() => guarded[Symbol.asyncDispose]());

const uri = () => `${guarded.cloud.endpoints.functions}/keeper`;

async function deployKeeper(): Promise<void> {
  const options = { ...restEndpoint(guarded.cloud.endpoints.management), fallback: true };
  const client = new v2.FunctionServiceClient({ ...options, auth: anonymousAuth as never });
  const [{ uploadUrl, storageSource }] = await client.generateUploadUrl({ parent: PARENT });
  const archive = zipOf({ 'package.json': '{"main":"index.cjs"}', 'index.cjs': KEEPER });
  await fetch(uploadUrl ?? '', { method: 'PUT', body: new Uint8Array(archive) });
  const [operation] = await client.createFunction({
    parent: PARENT,
    functionId: 'keeper',
    function: {
      buildConfig: {
        runtime: 'nodejs24',
        entryPoint: 'keep',
        source: { storageSource: storageSource ?? {} },
      },
      serviceConfig: { serviceAccountEmail: email('keeper') },
    },
  });
  await operation.promise();
}

const publish = () => guarded.cloud.pubsub.publish(TOPIC, { data: 'e30=' });
const what = (activity: Activity, kind: string) =>
  activity.kind === 'delivery' &&
  activity.event.subscription === SUBSCRIPTION &&
  activity.event.kind === kind;
const next = async (kind: string) => {
  const activity = await nextActivity(guarded.cloud, (each) => what(each, kind));
  return activity.kind === 'delivery' ? activity.event.detail : undefined;
};

test('without a token, or for another audience, a function answers 401', async () => {
  assert.deepEqual(
    [
      (await fetch(uri(), { method: 'POST' })).status,
      await withToken(email('push'), 'https://elsewhere.example'),
    ],
    [401, 401],
  );
});

test('an account that is no invoker is refused with 403', async () => {
  assert.equal(await withToken(email('push'), uri()), 403);
});

test('a push needs each of its permissions: to make the token, to invoke, and the function its own', async () => {
  const grants: [nack: string, grant: () => void][] = [
    [
      `The push endpoint answered nothing: Pub/Sub's account may not make tokens of ${email('push')}.`,
      () =>
        guarded.grant(`//iam.googleapis.com/projects/test-project/serviceAccounts/${email('push')}`, {
          role: 'roles/iam.serviceAccountOpenIdTokenCreator',
          members: [AGENT],
        }),
    ],
    [
      'The push endpoint answered 403.',
      () => guarded.grant(SERVICE, { role: 'roles/run.invoker', members: [member('push')] }),
    ],
    [
      'The push endpoint answered 403.',
      () => guarded.grant(ON_BUCKET, { role: 'roles/storage.objectCreator', members: [member('keeper')] }),
    ],
  ];
  let nacked = next('nacked');
  publish();
  for (const [nack, grant] of grants) {
    assert.equal(await nacked, nack);
    grant();
    const settled = next('acknowledged');
    nacked = Promise.race([next('nacked'), settled]);
    guarded.cloud.clock.advance(1000);
  }
  await nacked;
  assert.equal((await guarded.owner('storage', 'GET', `storage/v1/b/${BUCKET}/o/kept`)).status, 200);
});

test('Pub/Sub puts a message aside only where it may', async () => {
  const grants = [
    () =>
      guarded.grant(`//pubsub.googleapis.com/${DEAD}`, { role: 'roles/pubsub.publisher', members: [AGENT] }),
    () =>
      guarded.grant(`//pubsub.googleapis.com/${SUBSCRIPTION}`, {
        role: 'roles/pubsub.subscriber',
        members: [AGENT],
      }),
  ];
  // The object is there already, and the function may not replace it: every delivery fails.
  let nacked = next('nacked');
  publish();
  for (let failures = 1; failures <= 6; failures++) {
    assert.equal(await nacked, 'The push endpoint answered 403.');
    if (failures === 5 || failures === 6) grants[failures - 5]?.();
    nacked = next('nacked');
    if (failures < 6) guarded.cloud.clock.advance(1000);
  }
  const put = next('dead-lettered');
  guarded.cloud.clock.advance(1000);
  assert.equal(await put, DEAD);
});

/** The status of a call with an identity token as a metadata server makes it. */
async function withToken(account: string, audience: string): Promise<number> {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const payload = Buffer.from(JSON.stringify({ aud: audience, email: account, exp })).toString('base64url');
  const headers = { authorization: `Bearer e30.${payload}.x` };
  return (await fetch(uri(), { method: 'POST', headers })).status;
}

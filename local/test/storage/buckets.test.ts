import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUCKET, startCloud } from './cloud.ts';

test('a bucket is made, found, listed, changed and removed, under both forms of the path', async (t) => {
  const { call } = await startCloud(t);
  for (const base of ['/storage/v1/b', '/b']) {
    const made = await call('POST', `${base}?project=p1`, { name: 'one-bucket', location: 'us-east4' });
    assert.equal(made.status, 200);
    const { kind, name, location, locationType, metageneration, storageClass } = made.json;
    assert.deepEqual(
      [kind, name, location, locationType],
      ['storage#bucket', 'one-bucket', 'US-EAST4', 'region'],
    );
    assert.deepEqual(
      [metageneration, storageClass, made.json.projectNumber],
      ['1', 'STANDARD', '123456789012'],
    );
    const patch = {
      labels: { team: 'data' },
      lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 1 } }] },
    };
    assert.equal((await call('PATCH', `${base}/one-bucket`, patch)).json.metageneration, '2');
    const found = (await call('GET', `${base}/one-bucket`)).json;
    assert.deepEqual([found.labels, found.lifecycle], [patch.labels, patch.lifecycle]);
    const replaced = (await call('PUT', `${base}/one-bucket`, { labels: { a: 'b' } })).json;
    assert.deepEqual(
      [replaced.labels, replaced.lifecycle, replaced.location],
      [{ a: 'b' }, undefined, 'US-EAST4'],
    );
    const listed = (await call('GET', `${base}?project=p1`)).json.items;
    assert.deepEqual(
      listed.map((bucket: { name: string }) => bucket.name),
      ['one-bucket'],
    );
    assert.equal((await call('DELETE', `${base}/one-bucket`)).status, 204);
    assert.equal((await call('GET', `${base}/one-bucket`)).status, 404);
  }
});

test('what cannot be done with a bucket says why', async (t) => {
  const { call, put } = await startCloud(t);
  const again = await call('POST', '/b?project=p', { name: BUCKET });
  assert.deepEqual([again.status, again.json.error.errors[0].reason], [409, 'conflict']);
  assert.equal(
    (await call('POST', '/b?project=p', { name: 'No' })).json.error.message,
    "Invalid bucket name: 'No'",
  );
  assert.equal((await call('POST', '/b', { name: 'abc' })).json.error.message, 'Required parameter: project');
  await put('x', 'x');
  const full = await call('DELETE', `/b/${BUCKET}`);
  assert.deepEqual(
    [full.status, full.json.error.message],
    [409, 'The bucket you tried to delete is not empty.'],
  );
  const absent = await call('GET', '/b/absent-bucket/o/x');
  assert.equal(absent.json.error.message, 'The specified bucket does not exist: absent-bucket.');
});

test('conditions on the metageneration guard a bucket', async (t) => {
  const { call } = await startCloud(t);
  assert.equal((await call('PATCH', `/b/${BUCKET}?ifMetagenerationMatch=2`, {})).status, 412);
  assert.equal((await call('PATCH', `/b/${BUCKET}?ifMetagenerationMatch=1`, {})).status, 200);
  assert.equal((await call('GET', `/b/${BUCKET}?ifMetagenerationNotMatch=2`)).status, 304);
  assert.equal((await call('GET', `/b/${BUCKET}?ifMetagenerationMatch=1`)).status, 412);
  assert.equal((await call('DELETE', `/b/${BUCKET}?ifMetagenerationNotMatch=2`)).status, 412);
});

test('the policy is kept and returned; every permission is granted', async (t) => {
  const { call } = await startCloud(t);
  const bindings = [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }];
  await call('PUT', `/b/${BUCKET}/iam`, { bindings });
  const policy = (await call('GET', `/storage/v1/b/${BUCKET}/iam`)).json;
  assert.deepEqual([policy.kind, policy.bindings], ['storage#policy', bindings]);
  const asked = 'permissions=storage.objects.get&permissions=storage.objects.create';
  assert.deepEqual((await call('GET', `/b/${BUCKET}/iam/testPermissions?${asked}`)).json.permissions, [
    'storage.objects.get',
    'storage.objects.create',
  ]);
  const layout = (await call('GET', `/b/${BUCKET}/storageLayout`)).json;
  assert.deepEqual([layout.bucket, layout.hierarchicalNamespace], [BUCKET, { enabled: false }]);
});

test('once a day objects go by the lifecycle rules of their bucket', async (t) => {
  const { call, put, clock } = await startCloud(t);
  const condition = { age: 14, matchesPrefix: ['src/'] };
  await call('PATCH', `/b/${BUCKET}`, { lifecycle: { rule: [{ action: { type: 'Delete' }, condition }] } });
  await put('src/old', 'x');
  await put('results/kept', 'x');
  const day = 86_400_000;
  clock.advance(13 * day);
  await put('src/new', 'x');
  clock.advance(day);
  const names = (await call('GET', `/b/${BUCKET}/o`)).json.items.map((item: { name: string }) => item.name);
  assert.deepEqual(names, ['results/kept', 'src/new']);
});

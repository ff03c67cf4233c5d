import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { BUCKET, startCloud } from './cloud.ts';

test('the official Node client saves, reads, lists, combines, copies and deletes', async (t) => {
  const cloud = await startCloud(t);
  const bucket = cloud.client().bucket(BUCKET);
  const bytes = randomBytes(3_000_000);
  await bucket.file('a/large').save(bytes);
  await bucket.file('a/small.json').save('{"a":1}', { resumable: false, metadata: { metadata: { k: 'v' } } });
  assert.deepEqual((await bucket.file('a/large').download())[0], bytes);
  assert.deepEqual((await bucket.file('a/small.json').getMetadata())[0].metadata, { k: 'v' });

  const range = bucket.file('a/large').createReadStream({ start: 10, end: 19 });
  assert.deepEqual(Buffer.concat(await range.toArray()), bytes.subarray(10, 20));

  await bucket.combine(['a/small.json', 'a/large'], 'a/all');
  assert.equal(Number((await bucket.file('a/all').getMetadata())[0].size), bytes.length + 7);
  await bucket.file('a/all').copy(bucket.file('b/copy'));
  await bucket.file('b/copy').setMetadata({ contentType: 'text/csv', metadata: { z: '1' } });
  assert.equal((await bucket.file('b/copy').getMetadata())[0].contentType, 'text/csv');

  const [all] = await bucket.getFiles({ maxResults: 1, autoPaginate: true });
  assert.deepEqual(
    all.map((file) => file.name),
    ['a/all'],
  );
  const [files] = await bucket.getFiles({ prefix: 'a/' });
  assert.deepEqual(
    files.map((file) => file.name),
    ['a/all', 'a/large', 'a/small.json'],
  );
  const [page, next] = await bucket.getFiles({ maxResults: 3, autoPaginate: false });
  assert.deepEqual([page.length, next !== null], [3, true]);

  await bucket.file('b/copy').delete();
  assert.deepEqual(await bucket.file('b/copy').exists(), [false]);
});

test('the official Node client sees conditions fail as 412, resumable or not', async (t) => {
  const cloud = await startCloud(t);
  const file = cloud.client().bucket(BUCKET).file('claim.json');
  const once = { preconditionOpts: { ifGenerationMatch: 0 } };
  await file.save('1', { resumable: false, ...once });
  await assert.rejects(file.save('2', { resumable: false, ...once }), { code: 412 });
  await assert.rejects(file.save('2', { resumable: true, ...once }), /pre-conditions|412/);
  await assert.rejects(file.delete({ ifGenerationMatch: 7 }), { code: 412 });
  assert.equal(String((await file.download())[0]), '1');
});

test('the official Node client resumes an upload that a fault interrupts', async (t) => {
  const cloud = await startCloud(t);
  const bytes = randomBytes(2_000_000);
  cloud.faults.add({
    operation: 'storage.objects.insert',
    kind: 'error',
    status: 503,
    skip: 2,
    urlContains: 'upload_id',
  });
  const file = cloud.client().bucket(BUCKET).file('x');
  // The client repeats only what it knows to be harmless: a write under a condition.
  await file.save(bytes, { chunkSize: 512 * 1024, preconditionOpts: { ifGenerationMatch: 0 } });
  assert.deepEqual((await file.download())[0], bytes);
  assert.equal(cloud.faults.list()[0]?.struck, 1);
});

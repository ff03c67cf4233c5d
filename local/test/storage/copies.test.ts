import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { BUCKET, objectPath, startCloud } from './cloud.ts';

test('a copy has the bytes and the attributes of its source, or the attributes it is given', async (t) => {
  const { put, call, url } = await startCloud(t);
  for (const size of [10, 100_000]) {
    const bytes = randomBytes(size);
    const source = (await put('x', bytes)).json;
    await call('PATCH', objectPath('x'), { metadata: { k: 'v' } });
    const copied = (await call('POST', `${objectPath('x')}/copyTo/b/${BUCKET}/o/y`, {})).json;
    assert.deepEqual(
      [copied.crc32c, copied.md5Hash, copied.metadata],
      [source.crc32c, source.md5Hash, { k: 'v' }],
    );
    const rewritten = (
      await call('POST', `${objectPath('x')}/rewriteTo/b/${BUCKET}/o/z`, { contentType: 'a/b' })
    ).json;
    assert.deepEqual(
      [rewritten.kind, rewritten.done, rewritten.objectSize],
      ['storage#rewriteResponse', true, String(size)],
    );
    assert.deepEqual([rewritten.resource.contentType, rewritten.resource.metadata], ['a/b', undefined]);
    await call('DELETE', objectPath('x'));
    for (const name of ['y', 'z']) {
      const response = await fetch(`${url}/${BUCKET}/${name}`);
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
    }
  }
});

test('a composed object joins its sources in order, and has no MD5', async (t) => {
  const { put, call, url } = await startCloud(t);
  const parts = [randomBytes(10), randomBytes(100_000), randomBytes(0), randomBytes(70_000)];
  for (const [i, part] of parts.entries()) await put(`part${i}`, part);
  const sourceObjects = parts.map((_, i) => ({ name: `part${i}` }));
  const body = { sourceObjects, destination: { contentType: 'text/csv' } };
  const all = (await call('POST', `${objectPath('all')}/compose`, body)).json;
  assert.deepEqual([all.componentCount, all.md5Hash, all.contentType], [4, undefined, 'text/csv']);
  const again = { sourceObjects: [{ name: 'all' }, { name: 'part0' }] };
  assert.equal((await call('POST', `${objectPath('all')}/compose`, again)).json.componentCount, 5);
  const response = await fetch(`${url}/${BUCKET}/all`);
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.concat([...parts, parts[0] as Buffer]));
  assert.equal(response.headers.get('x-goog-hash')?.includes('md5'), false);
});

test('a composition says what is wrong with its sources', async (t) => {
  const { put, call } = await startCloud(t);
  await put('x', 'x');
  const compose = async (sourceObjects: object[]) =>
    (await call('POST', `${objectPath('all')}/compose`, { sourceObjects })).json.error.message;
  assert.equal(await compose([]), 'You must provide at least one source component.');
  assert.equal(
    await compose(Array(33).fill({ name: 'x' })),
    'The number of source components provided (33) exceeds the maximum (32).',
  );
  assert.equal(await compose([{ name: 'y' }]), `No such object: ${BUCKET}/y`);
  assert.equal(await compose([{}]), 'Every source object of a composition needs a name.');
  assert.equal(
    await compose([{ name: 'x', objectPreconditions: { ifGenerationMatch: 1 } }]),
    'At least one of the pre-conditions you specified did not hold.',
  );
});

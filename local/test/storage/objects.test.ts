import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { BUCKET, objectPath, startCloud } from './cloud.ts';

test('an object has the hashes, the size and the versions of its bytes', async (t) => {
  const { put, call, url } = await startCloud(t);
  const first = (await put('runs/é x.json', '{}')).json;
  const second = (await put('runs/é x.json', '{"a":1}')).json;
  assert.equal(BigInt(second.generation) > BigInt(first.generation), true);
  const { timeCreated: _, ...resource } = (await call('GET', objectPath('runs/é x.json'))).json;
  assert.deepEqual(resource, {
    kind: 'storage#object',
    id: `${BUCKET}/runs/é x.json/${second.generation}`,
    selfLink: `${url}${objectPath('runs/é x.json')}`,
    mediaLink: `${url}/download${objectPath('runs/é x.json')}?generation=${second.generation}&alt=media`,
    name: 'runs/é x.json',
    bucket: BUCKET,
    generation: second.generation,
    metageneration: '1',
    contentType: 'text/plain',
    storageClass: 'STANDARD',
    size: '7',
    md5Hash: createHash('md5').update('{"a":1}').digest('base64'),
    crc32c: 'z/fVag==',
    etag: second.etag,
    updated: second.updated,
    timeFinalized: second.timeCreated,
    timeStorageClassUpdated: second.timeCreated,
  });
});

test('a generation is a time in microseconds, and greater than all before, also when the clock stands', async (t) => {
  const { put, clock } = await startCloud(t);
  const before = clock.now().getTime() * 1000;
  const writes = await Promise.all(Array.from({ length: 20 }, (_, i) => put(`x/${i}`, 'x')));
  const generations = writes.map(({ json }) => Number(json.generation));
  assert.equal(new Set(generations).size, 20);
  assert.equal(
    generations.every((generation) => generation >= before && generation < before + 60e6),
    true,
  );
});

test('metadata is patched key by key, or replaced; each is a new metageneration of the same generation', async (t) => {
  const { put, call } = await startCloud(t);
  const { generation } = (await put('x', 'x')).json;
  const patch = { contentType: 'text/csv', metadata: { a: '1', b: '2' } };
  assert.equal((await call('PATCH', objectPath('x'), patch)).json.metageneration, '2');
  const patched = (await call('PATCH', objectPath('x'), { metadata: { a: null } })).json;
  assert.deepEqual([patched.contentType, patched.metadata], ['text/csv', { b: '2' }]);
  const replaced = (await call('PUT', objectPath('x'), { cacheControl: 'no-store' })).json;
  assert.deepEqual(
    [replaced.metadata, replaced.contentType, replaced.cacheControl],
    [undefined, undefined, 'no-store'],
  );
  assert.deepEqual([replaced.generation, replaced.metageneration], [generation, '4']);
  assert.equal((await call('GET', `${objectPath('x')}?alt=media`)).text, 'x');
});

test('conditions are held on every verb: 412, and 304 for a reader that has it already', async (t) => {
  const { put, call } = await startCloud(t);
  const { generation } = (await put('x', 'x')).json;
  const path = objectPath('x');
  const compose = { sourceObjects: [{ name: 'x' }] };
  const copy = `${path}/copyTo/b/${BUCKET}/o/x`;
  const rewrite = `${path}/rewriteTo/b/${BUCKET}/o/x`;
  const calls: [string, string, object?][] = [
    ['GET', path],
    ['GET', `${path}?alt=media`],
    ['PATCH', path, {}],
    ['PUT', path, {}],
    ['POST', copy, {}],
    ['POST', rewrite, {}],
    ['POST', `${path}/compose`, compose],
    ['POST', `/upload/storage/v1/b/${BUCKET}/o?uploadType=media&name=x`, {}],
    ['POST', `/upload/storage/v1/b/${BUCKET}/o?uploadType=resumable&name=x`, {}],
    ['DELETE', path],
  ];
  const failing = ['ifGenerationMatch=0', 'ifGenerationMatch=1', 'ifMetagenerationMatch=2'];
  const unchanged = [`ifGenerationNotMatch=${generation}`, 'ifMetagenerationNotMatch=1'];
  for (const [method, target, body] of calls) {
    const ask = (condition: string) =>
      call(method, `${target}${target.includes('?') ? '&' : '?'}${condition}`, body);
    for (const condition of failing) {
      const answer = await ask(condition);
      assert.equal(answer.status, 412, `${method} ${target} ${condition}`);
      assert.equal(answer.json.error.errors[0].reason, 'conditionNotMet');
    }
    for (const condition of unchanged) {
      assert.equal(
        (await ask(condition)).status,
        method === 'GET' ? 304 : 412,
        `${method} ${target} ${condition}`,
      );
    }
  }
  for (const target of [copy, rewrite]) {
    assert.equal((await call('POST', `${target}?ifSourceGenerationMatch=1`, {})).status, 412);
    assert.equal((await call('POST', `${target}?ifSourceMetagenerationNotMatch=1`, {})).status, 412);
  }
  assert.equal((await call('GET', path)).json.generation, generation);
  assert.equal((await call('DELETE', `${path}?ifGenerationMatch=${generation}`)).status, 204);
});

test('of many creators with ifGenerationMatch=0 exactly one succeeds', async (t) => {
  const { put } = await startCloud(t);
  // Large enough that all have begun before the first has ended.
  const bytes = Buffer.alloc(500_000);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => put('claim.json', bytes, '&ifGenerationMatch=0')),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(412)]);
});

test('an absent object is 404 under any condition; so is another generation', async (t) => {
  const { put, call } = await startCloud(t);
  await put('x', 'x');
  for (const method of ['GET', 'DELETE', 'PATCH']) {
    const absent = await call(
      method,
      `${objectPath('absent')}?ifGenerationMatch=5`,
      method === 'PATCH' ? {} : undefined,
    );
    assert.equal(absent.json.error.message, `No such object: ${BUCKET}/absent`);
    const body = method === 'PATCH' ? {} : undefined;
    const other = await call(method, `${objectPath('x')}?generation=7`, body);
    assert.equal(other.json.error.message, `No such object: ${BUCKET}/x#7`);
  }
});

test('a listing has pages, folders and bounds', async (t) => {
  const { put, call } = await startCloud(t);
  for (const name of ['a/', 'a/1', 'a/2', 'b', 'c/d/e', 'c/f']) await put(name, name);
  const list = async (query: string) => {
    const { items = [], prefixes = [], nextPageToken } = (await call('GET', `/b/${BUCKET}/o?${query}`)).json;
    return { names: items.map((item: { name: string }) => item.name), prefixes, nextPageToken };
  };
  assert.deepEqual((await list('')).names, ['a/', 'a/1', 'a/2', 'b', 'c/d/e', 'c/f']);
  assert.deepEqual(await list('delimiter=/'), {
    names: ['b'],
    prefixes: ['a/', 'c/'],
    nextPageToken: undefined,
  });
  assert.deepEqual((await list('delimiter=/&includeTrailingDelimiter=true')).names, ['a/', 'b']);
  assert.deepEqual((await list('startOffset=a/2&endOffset=c/f')).names, ['a/2', 'b', 'c/d/e']);
  assert.deepEqual((await list('matchGlob=**/{1,f}')).names, ['a/1', 'c/f']);
  const first = await list('delimiter=/&maxResults=2');
  assert.deepEqual([first.names, first.prefixes], [['b'], ['a/']]);
  const second = await list(`delimiter=/&maxResults=2&pageToken=${first.nextPageToken}`);
  assert.deepEqual(second, { names: [], prefixes: ['c/'], nextPageToken: undefined });
  const wrong = await call('GET', `/b/${BUCKET}/o?maxResults=0`);
  assert.equal(
    wrong.json.error.message,
    "Invalid value for maxResults: '0' is not a whole number above zero.",
  );
});

test('what is not implemented answers 501 with its name', async (t) => {
  const { call } = await startCloud(t);
  const answer = await call('GET', `/storage/v1/b/${BUCKET}/notificationConfigs`);
  assert.deepEqual(
    [answer.status, answer.json.error.message],
    [501, `The local cloud does not implement GET /storage/v1/b/${BUCKET}/notificationConfigs (storage).`],
  );
});

test('a fault after the effect is answered, and the effect stays', async (t) => {
  const { put, call, faults } = await startCloud(t);
  faults.add({ operation: 'storage.objects.insert', kind: 'error-after', status: 503 });
  assert.equal((await put('x', 'kept')).status, 503);
  assert.equal((await call('GET', `${objectPath('x')}?alt=media`)).text, 'kept');
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BUCKET, type Cloud, objectPath, startCloud } from './cloud.ts';

/** Either side of the size up to which bytes are kept with the record. */
const SIZES = [1000, 300_000];

for (const size of SIZES) {
  test(`an object of ${size} bytes downloads whole and in ranges, by each of its paths`, async (t) => {
    const cloud = await startCloud(t);
    const bytes = randomBytes(size);
    const { generation } = (await cloud.put('a/b', bytes)).json;
    const paths = [
      `/b/${BUCKET}/o/a%2Fb?alt=media`,
      `${objectPath('a/b')}?alt=media&generation=${generation}`,
      `/download${objectPath('a/b')}?alt=media`,
      `/${BUCKET}/a/b`,
    ];
    for (const path of paths) {
      assert.deepEqual((await get(cloud, path)).bytes, bytes, path);
      const table: [string, number, number][] = [
        ['bytes=10-19', 10, 20],
        ['bytes=990-', 990, size],
        ['bytes=-5', size - 5, size],
      ];
      for (const [range, start, end] of table) {
        const part = await get(cloud, path, { range });
        assert.equal(part.response.status, 206);
        assert.equal(part.response.headers.get('content-range'), `bytes ${start}-${end - 1}/${size}`);
        assert.deepEqual(part.bytes, bytes.subarray(start, end));
      }
      const beyond = await get(cloud, path, { range: `bytes=${size}-` });
      assert.equal(beyond.response.status, 416);
      assert.equal(beyond.response.headers.get('content-range'), `bytes */${size}`);
    }
  });

  test(`a reader of ${size} bytes gets them all, though the object is replaced meanwhile`, async (t) => {
    const { put, storage } = await startCloud(t);
    const bytes = randomBytes(size);
    await put('x', bytes);
    const content = storage.store.objects.read(storage.store.objects.get(BUCKET, 'x'));
    await put('x', 'other');
    const read = Buffer.isBuffer(content) ? content : Buffer.concat(await content.toArray());
    assert.deepEqual(read, bytes);
  });
}

test('the headers say what the object is, for HEAD too', async (t) => {
  const cloud = await startCloud(t);
  const { generation, crc32c, md5Hash } = (await cloud.put('x', 'hello')).json;
  await cloud.call('PATCH', objectPath('x'), { cacheControl: 'no-store', metadata: { key: 'é\nx' } });
  for (const method of ['GET', 'HEAD']) {
    const { headers } = await fetch(`${cloud.url}/${BUCKET}/x`, { method });
    const expected = {
      'content-type': 'text/plain',
      'content-length': '5',
      'cache-control': 'no-store',
      'x-goog-generation': generation,
      'x-goog-metageneration': '2',
      'x-goog-hash': `crc32c=${crc32c},md5=${md5Hash}`,
      'x-goog-meta-key': Buffer.from('é x').toString('latin1'),
      'x-goog-stored-content-length': '5',
      'x-goog-storage-class': 'STANDARD',
    };
    for (const [name, value] of Object.entries(expected))
      assert.equal(headers.get(name), value, `${method} ${name}`);
  }
});

test('gzip content is unpacked for a client that does not accept it', async (t) => {
  const { put, call, url } = await startCloud(t);
  await put('x', gzipSync('hello'), '&contentEncoding=gzip');
  const plain = await requestPlain(`${url}/${BUCKET}/x`);
  assert.deepEqual([plain.encoding, plain.body], [undefined, 'hello']);
  const packed = await call('GET', `/${BUCKET}/x`, undefined, { 'accept-encoding': 'gzip' });
  assert.deepEqual([packed.headers.get('content-encoding'), packed.text], ['gzip', 'hello']);
});

async function get(cloud: Cloud, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(cloud.url + path, { headers });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** A request without `accept-encoding`, which fetch always sends. */
function requestPlain(url: string): Promise<{ encoding: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, async (response) => {
      const body = (await response.toArray()).join('');
      resolve({ encoding: response.headers['content-encoding'], body });
    });
    sent.on('error', reject).end();
  });
}

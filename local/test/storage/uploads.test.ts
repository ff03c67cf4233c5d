import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRelated } from '../../storage/wire/multipart.ts';
import { BUCKET, objectPath, startCloud } from './cloud.ts';

const UPLOAD = `/upload/storage/v1/b/${BUCKET}/o`;
const WRONG_MD5 = 'XrY7u+Ae7tCTyyK7j1rNww==';
const HELLO_MD5 = 'XUFAKrxLKna5cZ2REBfFkg==';
const HELLO_CRC32C = 'mnG7TA==';

function related(boundary: string, metadata: object, media: string, lineEnd = '\r\n'): string {
  return [
    `--${boundary}`,
    'Content-Type: application/json; charset=UTF-8',
    '',
    JSON.stringify(metadata),
    `--${boundary}`,
    'Content-Type: text/csv',
    '',
    media,
    `--${boundary}--`,
    '',
  ].join(lineEnd);
}

test('a multipart upload carries metadata and bytes, however its boundary is quoted', async (t) => {
  const { call } = await startCloud(t);
  const metadata = { name: 'x', metadata: { k: 'v' }, md5Hash: HELLO_MD5, crc32c: HELLO_CRC32C };
  for (const [quoted, lineEnd] of [
    ['b1', '\r\n'],
    ['"b1"', '\r\n'],
    ["'b1'", '\n'],
  ] as const) {
    const body = related('b1', metadata, 'hello', lineEnd);
    const headers = { 'content-type': `multipart/related; boundary=${quoted}` };
    const made = await call('POST', `${UPLOAD}?uploadType=multipart`, body, headers);
    assert.deepEqual([made.status, made.json.contentType, made.json.metadata], [200, 'text/csv', { k: 'v' }]);
    assert.equal((await call('GET', `${objectPath('x')}?alt=media`)).text, 'hello');
  }
});

test('a multipart body is read right wherever its chunks are cut', async () => {
  const media = '\r\n--b\r\r\n--bound\n--boundary-\0\r\n';
  const body = Buffer.from(related('boundary1', { name: 'x' }, media));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(body.length), { maxLength: 8 }), async (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), body.length];
      const chunks = edges.slice(1).map((edge, i) => body.subarray(edges[i], edge));
      const parts = await readRelated(Readable.from(chunks), 'multipart/related; boundary=boundary1');
      const read = Buffer.concat(await Array.fromAsync(parts.media));
      assert.deepEqual(
        [parts.metadata, parts.contentType, read.toString()],
        [{ name: 'x' }, 'text/csv', media],
      );
    }),
  );
});

test('a multipart body that is not one is refused and leaves nothing', async (t) => {
  const { call } = await startCloud(t);
  const send = async (body: string, contentType: string) =>
    (await call('POST', `${UPLOAD}?uploadType=multipart`, body, { 'content-type': contentType })).json.error
      .message;
  const type = 'multipart/related; boundary=b1';
  const cut = related('b1', { name: 'x' }, 'hello').slice(0, -12);
  assert.equal(await send(cut, type), 'The multipart upload ends before its closing boundary.');
  assert.equal(await send('nonsense\r\n', type), 'A multipart upload must begin with its boundary.');
  assert.equal(
    await send('', 'text/plain'),
    "A multipart upload needs a boundary in its content-type, not 'text/plain'.",
  );
  assert.equal((await call('GET', objectPath('x'))).status, 404);
});

test('bytes that are not those the client meant are refused, and the object stays as it was', async (t) => {
  const { call, put } = await startCloud(t);
  await put('x', 'before');
  const media = `${UPLOAD}?uploadType=media&name=x`;
  const refusals: [Record<string, string>, string][] = [
    [
      { 'content-md5': WRONG_MD5 },
      `Provided MD5 hash "${WRONG_MD5}" doesn't match calculated MD5 hash "${HELLO_MD5}".`,
    ],
    [
      { 'x-goog-hash': `md5=${WRONG_MD5}` },
      `Provided MD5 hash "${WRONG_MD5}" doesn't match calculated MD5 hash "${HELLO_MD5}".`,
    ],
    [
      { 'x-goog-hash': 'crc32c=AAAAAA==' },
      `Provided CRC32C "AAAAAA==" doesn't match calculated CRC32C "${HELLO_CRC32C}".`,
    ],
  ];
  for (const [headers, message] of refusals) {
    const answer = await call('POST', media, 'hello', headers);
    assert.deepEqual([answer.status, answer.json.error.message], [400, message]);
  }
  assert.equal((await call('GET', `${objectPath('x')}?alt=media`)).text, 'before');
  const right = { 'x-goog-hash': `crc32c=${HELLO_CRC32C},md5=${HELLO_MD5}` };
  assert.equal((await call('POST', media, 'hello', right)).status, 200);
});

test('bytes of any size come back as they were sent', async (t) => {
  const { put, url } = await startCloud(t);
  for (const size of [0, 1, 65_535, 65_536, 65_537, 1_000_000]) {
    const bytes = randomBytes(size);
    assert.equal((await put('x', bytes)).json.size, String(size));
    const response = await fetch(`${url}/${BUCKET}/x`);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
  }
});

test('an upload says what it lacks', async (t) => {
  const { call } = await startCloud(t);
  const message = async (query: string) => (await call('POST', `${UPLOAD}?${query}`, 'x')).json.error.message;
  assert.equal(await message('name=x'), "uploadType must be media, multipart or resumable, not 'undefined'.");
  assert.equal(await message('uploadType=media'), 'An object needs a name: send ?name=… or {"name": "…"}.');
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { BUCKET, type Cloud, objectPath, startCloud, temporaryDirectory, until } from './cloud.ts';

const PIECE = 256 * 1024;
const DAY_MS = 86_400_000;

async function start(cloud: Cloud, resource: object = {}, query = '', base = ''): Promise<string> {
  const path = `${base}/upload/storage/v1/b/${BUCKET}/o?uploadType=resumable&name=big${query}`;
  const { status, headers } = await cloud.call('POST', path, resource, {
    'x-upload-content-type': 'text/csv',
  });
  assert.equal(status, 200);
  const location = headers.get('location') ?? '';
  assert.equal(location.startsWith(`${cloud.url}${base}/upload/`), true);
  return location.slice(cloud.url.length);
}

const send = (cloud: Cloud, session: string, contentRange: string, body?: Buffer<ArrayBuffer>) =>
  cloud.call('PUT', session, body, { 'content-range': contentRange });

test('an upload in pieces: 308 with what has come, then the object; also on the path of gcloud', async (t) => {
  const cloud = await startCloud(t);
  for (const base of ['', '/resumable']) {
    const bytes = randomBytes(2 * PIECE + 5);
    const session = await start(cloud, { metadata: { k: 'v' } }, '', base);
    const fresh = await send(cloud, session, 'bytes */*');
    assert.deepEqual([fresh.status, fresh.headers.get('range')], [308, null]);
    const first = await send(cloud, session, `bytes 0-${PIECE - 1}/*`, bytes.subarray(0, PIECE));
    assert.deepEqual([first.status, first.headers.get('range')], [308, `bytes=0-${PIECE - 1}`]);
    const total = bytes.length;
    const last = await send(cloud, session, `bytes ${PIECE}-${total - 1}/${total}`, bytes.subarray(PIECE));
    assert.deepEqual([last.status, last.json.size, last.json.contentType], [200, String(total), 'text/csv']);
    const again = await send(cloud, session, `bytes */${total}`);
    assert.deepEqual([again.status, again.json.generation], [200, last.json.generation]);
    const response = await fetch(`${cloud.url}/${BUCKET}/big`);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
  }
});

test('a piece that repeats what has come adds only what is new; a gap is refused', async (t) => {
  const cloud = await startCloud(t);
  const session = await start(cloud);
  await send(cloud, session, 'bytes 0-4/*', Buffer.from('01234'));
  const gap = await send(cloud, session, 'bytes 7-9/10', Buffer.from('789'));
  assert.equal(gap.status, 503);
  const done = await send(cloud, session, 'bytes 2-9/10', Buffer.from('23456789'));
  assert.equal(done.status, 200);
  assert.equal((await cloud.call('GET', `/${BUCKET}/big`)).text, '0123456789');
});

test('the end of the request is the end of the object, where the client says so', async (t) => {
  const cloud = await startCloud(t);
  const forms: Record<string, string>[] = [
    { 'content-range': 'bytes 0-*/*' },
    {},
    { 'content-range': 'bytes 0-*/5' },
  ];
  for (const headers of forms) {
    const done = await cloud.call('PUT', await start(cloud), 'hello', headers);
    assert.deepEqual([done.status, done.json.size], [200, '5']);
  }
  const empty = await send(cloud, await start(cloud), 'bytes */0');
  assert.deepEqual([empty.status, empty.json.size], [200, '0']);
});

test('a broken connection keeps what came before; a restart too', async (t) => {
  const stateDir = temporaryDirectory(t);
  const cloud = await startCloud(t, stateDir);
  const bytes = randomBytes(3 * PIECE);
  const session = await start(cloud);
  const broken = request(cloud.url + session, { method: 'PUT', headers: { 'content-range': 'bytes 0-*/*' } });
  broken.write(bytes.subarray(0, PIECE));
  await until(() => received(cloud, session) === PIECE);
  broken.destroy();
  await once(broken, 'error');
  await cloud.close();

  const restarted = await startCloud(t, stateDir);
  const status = await send(restarted, session, 'bytes */*');
  assert.deepEqual([status.status, status.headers.get('range')], [308, `bytes=0-${PIECE - 1}`]);
  const rest = await send(
    restarted,
    session,
    `bytes ${PIECE}-${bytes.length - 1}/${bytes.length}`,
    bytes.subarray(PIECE),
  );
  assert.equal(rest.status, 200);
  const response = await fetch(`${restarted.url}/${BUCKET}/big`);
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
});

test('a cancelled session is gone (499, then 404), and so is one a week old', async (t) => {
  const cloud = await startCloud(t);
  const session = await start(cloud);
  assert.equal((await cloud.call('DELETE', session)).status, 499);
  const gone = await send(cloud, session, 'bytes */*');
  const id = new URL(cloud.url + session).searchParams.get('upload_id');
  const message = `There is no upload session ${id}: it was cancelled or has expired. Start it anew.`;
  assert.deepEqual([gone.status, gone.json.error.message], [404, message]);
  const old = await start(cloud);
  cloud.clock.advance(8 * DAY_MS);
  assert.equal((await send(cloud, old, 'bytes */*')).status, 404);
});

test('conditions are held at the start and again at the end', async (t) => {
  const cloud = await startCloud(t);
  const session = await start(cloud, {}, '&ifGenerationMatch=0');
  await cloud.put('big', 'meanwhile');
  assert.equal((await cloud.call('PUT', session, 'late')).status, 412);
  assert.equal((await cloud.call('GET', `${objectPath('big')}?alt=media`)).text, 'meanwhile');
});

test('wrong hashes are refused, and the session with them', async (t) => {
  const cloud = await startCloud(t);
  const session = await start(cloud, { crc32c: 'AAAAAA==' });
  const refused = await cloud.call('PUT', session, 'hello');
  const message = 'Provided CRC32C "AAAAAA==" doesn\'t match calculated CRC32C "mnG7TA==".';
  assert.deepEqual([refused.status, refused.json.error.message], [400, message]);
  assert.equal((await cloud.call('PUT', session, 'hello')).status, 404);
  const claimed = await cloud.call('PUT', await start(cloud), 'hello', { 'x-goog-hash': 'crc32c=AAAAAA==' });
  assert.equal(claimed.status, 400);
});

/** How much of a session the server has. */
function received(cloud: Cloud, session: string): number {
  const id = new URL(cloud.url + session).searchParams.get('upload_id') ?? '';
  const { sessions } = cloud.storage.store;
  return sessions.received(sessions.get(id));
}

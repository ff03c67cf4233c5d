import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { storageObjects } from '../../../shared/google/storage-objects.ts';

const PAGES = 3;

/** A bucket that lists two objects, or two folders, a page. */
const asked: URLSearchParams[] = [];
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://storage');
  asked.push(searchParams);
  const page = Number(searchParams.get('pageToken') ?? 0);
  const names = [`r/${page}/a`, `r/${page}/b`];
  const content = searchParams.has('delimiter')
    ? { prefixes: names.map((name) => `${name}/`) }
    : {
        items: names.map((name) => ({
          name,
          size: '1',
          crc32c: 'AAAAAA==',
          generation: '7',
          updated: 'now',
        })),
      };
  const next = page + 1 < PAGES ? { nextPageToken: String(page + 1) } : {};
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ ...content, ...next }));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => server.close());
process.env.STORAGE_EMULATOR_HOST = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const objects = storageObjects('bucket', 'project');

test('a listing is read page by page, with no more of each object than is told of it', async () => {
  asked.length = 0;
  const listed = await objects.list({ prefix: 'r/' });
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['r/0/a', 'r/0/b', 'r/1/a', 'r/1/b', 'r/2/a', 'r/2/b'],
  );
  assert.deepEqual(
    asked.map((query) => query.get('fields')),
    Array(PAGES).fill('items(name,size,crc32c,generation,updated,customTime),nextPageToken'),
  );
});

test('no more pages are read than are wanted', async () => {
  asked.length = 0;
  assert.equal((await objects.list({ prefix: 'r/', limit: 3 })).length, 3);
  assert.equal((await objects.listFolders({ prefix: 'r/', limit: 2 })).length, 2);
  assert.equal(asked.length, 3);
});

test('folders are listed over all pages', async () => {
  assert.equal((await objects.listFolders({ prefix: 'r/' })).length, 6);
});

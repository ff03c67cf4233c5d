import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { storageFiles } from '../../../shared/google/storage-files.ts';

const BEGUN = 'begun';
const OBJECT = { name: 'x', bytes: 1000, crc32c: 'AAAAAA==', generation: '1', updatedAt: '' };

/** A storage that takes every request; of an object's bytes it sends the first ones, and no more. */
const server = createServer((request, response) => {
  request.resume();
  if (!request.url?.includes('alt=media')) return;
  response.writeHead(200, { 'content-length': OBJECT.bytes, 'x-goog-generation': '1' });
  response.write(BEGUN);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.env.STORAGE_EMULATOR_HOST = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const folder = mkdtempSync(join(tmpdir(), 'silence-'));
const file = join(folder, 'x');
const files = storageFiles('bucket', 'project');
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

test('a storage that falls silent is not waited for; what has come of a file stays', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const outcomes = Promise.allSettled([
    files.stat('x'),
    files.list({ prefix: 'x' }),
    files.put('x', 'y'),
    files.read('x'),
    files.download(OBJECT, file),
  ]);
  let ended = false;
  void outcomes.finally(() => {
    ended = true;
  });
  for (let minutes = 0; !ended && minutes < 100; minutes += 1) {
    await pause(100);
    mock.timers.tick(60_000);
  }
  mock.timers.reset();
  assert.ok(ended, 'It waits still.');
  assert.deepEqual(
    (await outcomes).map((outcome) => String('reason' in outcome && outcome.reason)),
    ['stat', 'list', 'write', 'read', 'read'].map(
      (action) => `TransientError: ${action} gs://bucket/x: there was no answer for 60 s. Tried again later.`,
    ),
  );
  assert.equal(readFileSync(file, 'utf8'), BEGUN);
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { computeInstance } from '../../../shared/google/compute-instance.ts';
import { storageFiles } from '../../../shared/google/storage-files.ts';
import { systemClock } from '../../../shared/ports/clock.ts';

const BEGUN = 'begun';
const OBJECT = { name: 'x', bytes: 1000, crc32c: 'AAAAAA==', generation: '1', updatedAt: '' };

/** A cloud that issues a token, accepts every request and sends only the first bytes of an object. */
const held: ServerResponse[] = [];
let isOver = false;
const server = createServer((request, response) => {
  const { url = '' } = request;
  request.resume();
  response.setHeader('metadata-flavor', 'Google');
  if (url.includes('/token'))
    response.end(JSON.stringify({ access_token: 't', expires_in: 3600, token_type: 'Bearer' }));
  else if (url.startsWith('/computeMetadata')) response.end('project');
  else if (isOver) response.writeHead(400).end('{}');
  else held.push(response);
  if (!url.includes('alt=media')) return;
  response.writeHead(200, { 'content-length': OBJECT.bytes, 'x-goog-generation': '1' });
  response.write(BEGUN);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
process.env.STORAGE_EMULATOR_HOST = `http://127.0.0.1:${port}`;
process.env.GCE_METADATA_HOST = `127.0.0.1:${port}`;
const folder = mkdtempSync(join(tmpdir(), 'silence-'));
const file = join(folder, 'x');
const files = storageFiles('bucket', 'project');
const instance = computeInstance({
  project: 'project',
  zone: 'zone',
  name: 'vm',
  endpoint: { apiEndpoint: '127.0.0.1', port, protocol: 'http' },
  clock: systemClock,
});
after(() => {
  // The Compute Engine client retries an unanswered or refused call for ten minutes, so it still gets an answer.
  isOver = true;
  for (const response of held) {
    if (response.headersSent) response.destroy();
    else response.writeHead(400).end('{}');
  }
  server.unref();
  rmSync(folder, { recursive: true });
});

test('calls to a silent cloud time out; a partial download keeps its bytes', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const outcomes = Promise.allSettled([
    files.stat('x'),
    files.list({ prefix: 'x' }),
    files.put('x', 'y'),
    files.read('x'),
    files.download(OBJECT, file),
    instance.read(),
  ]);
  let ended = false;
  void outcomes.finally(() => {
    ended = true;
  });
  const hasBegun = () => held.length >= 5 && existsSync(file) && readFileSync(file, 'utf8') === BEGUN;
  for (let tries = 0; !hasBegun() && tries < 200; tries += 1) await pause(50);
  for (let minutes = 0; !ended && minutes < 100; minutes += 1) {
    mock.timers.tick(60_000);
    await pause(100);
  }
  mock.timers.reset();
  assert.ok(ended, 'A call still waits.');
  const subjects = [
    'stat gs://bucket/x',
    'list gs://bucket/x',
    'write gs://bucket/x',
    'read gs://bucket/x',
    'read gs://bucket/x',
    'read instance vm in zone',
  ];
  assert.deepEqual(
    (await outcomes).map((outcome) => String('reason' in outcome && outcome.reason)),
    subjects.map((subject) => `TransientError: ${subject}: no answer within 60 s. Tried again later.`),
  );
  assert.equal(readFileSync(file, 'utf8'), BEGUN);
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUCKET, objectPath, startCloud, temporaryDirectory, until } from './cloud.ts';

test('a restart finds buckets, objects and policies as they were left', async (t) => {
  const stateDir = temporaryDirectory(t);
  const first = await startCloud(t, stateDir);
  const bytes = randomBytes(100_000);
  const large = (await first.put('large', bytes)).json;
  const small = (await first.put('small', 'small')).json;
  await first.call('PATCH', `/b/${BUCKET}`, { labels: { a: 'b' } });
  await first.close();

  const second = await startCloud(t, stateDir);
  const found = (await second.call('GET', objectPath('large'))).json;
  assert.deepEqual([found.generation, found.md5Hash], [large.generation, large.md5Hash]);
  assert.equal((await second.call('GET', `/${BUCKET}/small`)).text, 'small');
  assert.deepEqual((await second.call('GET', `/b/${BUCKET}`)).json.labels, { a: 'b' });
  const response = await fetch(`${second.url}/${BUCKET}/large`);
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
  assert.equal(BigInt((await second.put('small', 'x')).json.generation) > BigInt(small.generation), true);
});

test('generations go on rising, although the advanced clock went back by the restart', async (t) => {
  const stateDir = temporaryDirectory(t);
  const first = await startCloud(t, stateDir);
  first.clock.advance(3_600_000);
  const before = (await first.put('x', 'x')).json;
  await first.call('DELETE', objectPath('x'));
  await first.close();
  const second = await startCloud(t, stateDir);
  assert.equal(BigInt((await second.put('x', 'x')).json.generation), BigInt(before.generation) + 1n);
});

test('a process killed in mid-upload leaves the old object, and no remains', async (t) => {
  const stateDir = temporaryDirectory(t);
  const first = await startCloud(t, stateDir);
  await first.put('x', 'the old object');
  await first.close();

  const server = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), stateDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => server.kill('SIGKILL'));
  const [line] = await once(server.stdout, 'data');
  const upload = request(
    `http://127.0.0.1:${Number(line)}/upload/storage/v1/b/${BUCKET}/o?uploadType=media&name=x`,
    { method: 'POST' },
  );
  upload.on('error', () => {});
  upload.write(randomBytes(1 << 20));
  await until(() => readdirSync(join(stateDir, 'storage/incoming')).length === 1);
  server.kill('SIGKILL');
  await once(server, 'exit');

  const second = await startCloud(t, stateDir);
  assert.equal((await second.call('GET', `/${BUCKET}/x`)).text, 'the old object');
  assert.deepEqual(readdirSync(join(stateDir, 'storage/incoming')), []);
});

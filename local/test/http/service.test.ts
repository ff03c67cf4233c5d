import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { route } from '../../http/router.ts';
import { createService, listen } from '../../http/service.ts';

const published: string[] = [];
const publish = route('POST', '/publish', 'test.publish', async (call) => {
  published.push((await call.body()).toString('utf8'));
  return { body: {} };
});
const clock = new CloudClock();
const server = createService('test', [publish], { clock, faults: new Faults(), onCall() {} });
const port = await listen(server, 0);
after(() => {
  server.close();
  clock.close();
});

/** By node:http, since fetch sets Origin itself. A browser sends text without asking the server first. */
function post(origin?: string, host = `127.0.0.1:${port}`): Promise<{ status: number; text: string }> {
  const headers = { host, 'content-type': 'text/plain', ...(origin !== undefined && { origin }) };
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname: '127.0.0.1', port, path: '/publish', method: 'POST', headers },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject).end('{"target":"all"}');
  });
}

test('a page of another site may not use the cloud, under whatever name it reaches it', async () => {
  for (const origin of [
    'https://evil.example',
    `http://evil.example:${port}`,
    'null',
    'http://127.0.0.1.evil.example',
  ]) {
    const { status, text } = await post(origin);
    assert.deepEqual(
      [status, JSON.parse(text).error.message],
      [403, `A page of ${origin} may not use the local cloud.`],
    );
  }
  assert.deepEqual(published, []);
});

test('a name that a site has pointed to this computer is refused', async () => {
  for (const host of [`evil.example:${port}`, 'evilgoogleapis.com', 'localhost.evil.example']) {
    const { status, text } = await post(undefined, host);
    assert.deepEqual([status, JSON.parse(text).error.message], [403, `The local cloud is not ${host}.`]);
  }
  assert.deepEqual(published, []);
  const own = ['localhost:1', '[::1]:1', '10.128.0.1:1', 'cloud:1', 'bucket.storage.localhost:1'];
  for (const host of [...own, 'metadata.google.internal.', 'storage.googleapis.com'])
    assert.equal((await post(undefined, host)).status, 200);
  assert.equal(published.length, 7);
});

test('programs, which have no origin, and pages of this computer may', async () => {
  published.length = 0;
  for (const origin of [undefined, `http://127.0.0.1:${port}`, 'http://localhost:8795'])
    assert.equal((await post(origin)).status, 200);
  assert.equal(published.length, 3);
});

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, before, test } from 'node:test';
import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { route } from '../../http/router.ts';
import { createService, listen } from '../../http/service.ts';

const server = createService(
  'storage',
  [
    route('GET', '/b/:bucket/o/:object', 'storage.objects.get', ({ params }) => ({
      body: params,
    })),
  ],
  { clock: new CloudClock(), faults: new Faults(), onCall() {} },
);
let port = 0;
before(async () => {
  port = await listen(server, 0);
});
after(() => server.close());

/** The target as it is: fetch and curl would put it straight. */
function answerTo(target: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    get({ port, path: target }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    }).on('error', reject);
  });
}

test('an encoded slash stays within its parameter', async () => {
  const { body } = await answerTo('/b/x/o/a%2Fb%20c');
  assert.deepEqual(JSON.parse(body), { bucket: 'x', object: 'a/b c' });
});

test('a whole URL, as a proxy gets it, is served as its path', async () => {
  const { body } = await answerTo('http://storage.googleapis.com/b/x/o/a');
  assert.deepEqual(JSON.parse(body), { bucket: 'x', object: 'a' });
});

test('whatever comes as a path is answered', async () => {
  const { status, body } = await answerTo('/b/x/o/%zz');
  assert.deepEqual([status, JSON.parse(body)], [200, { bucket: 'x', object: '%zz' }]);
  for (const target of ['//', '//b/x/o/a', '/%zz', '/?%'])
    assert.equal((await answerTo(target)).status, 501, target);
});

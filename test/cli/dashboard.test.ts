import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { runCommandLine } from '../../cli/program.ts';
import { startBucket } from './support/bucket.ts';
import { recordedHost, vicinity } from './support/call.ts';
import { assertComplete } from './support/documented.ts';

await startBucket();

test('serves the page until Ctrl-C; the address has a key', async () => {
  const { promise: interruptible, resolve } = Promise.withResolvers<() => void>();
  const { host, stdout, stderr } = recordedHost({ onInterruptible: resolve });
  const ended = runCommandLine(['dashboard', '--port', '0', '--json'], host);
  const interrupt = await interruptible;
  while (stdout.text === '') await new Promise((again) => setTimeout(again, 10));
  assertComplete('dashboard', JSON.parse(stdout.text));
  const { url } = JSON.parse(stdout.text);
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{24}$/);
  const cookie = (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie') ?? '';
  const page = await fetch(new URL('/', url), { headers: { cookie } });
  assert.match(await page.text(), /<script type="module" src="app\.js">/);
  interrupt();
  assert.equal(await ended, 0);
  assert.equal(stderr.text, 'Press Ctrl-C to stop the dashboard. Runs are not affected.\n');
  await assert.rejects(fetch(url));
});

test('a port that is taken is told with a remedy', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await vicinity(['dashboard', '--port', String(port)]);
  other.close();
  assert.equal(code, 2);
  assert.equal(
    stderr,
    `error: --port ${port}: is in use by another program, perhaps another dashboard. ` +
      'Stop that program, or pass --port 0 to use any free port.\n',
  );
});

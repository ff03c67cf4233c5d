import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, get, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createPackageProxy } from '../../../vm/nspawn/package-proxy.ts';

interface Answer {
  status: number | undefined;
  body: string;
}

/** A mirror of packages, and a proxy that may reach `allowed`. */
async function start(t: TestContext, allowed = ['127.0.0.1']) {
  const cacheDirectory = join(mkdtempSync(join(tmpdir(), 'gcp-local-proxy-')), 'packages');
  const asked: string[] = [];
  const mirror = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url} ${incoming.headers['if-modified-since'] ?? ''}`.trim());
    if (incoming.url?.includes('broken')) {
      response.writeHead(200, { 'content-length': '100' }).write('half of it');
      return void setTimeout(() => response.destroy(), 20);
    }
    response.writeHead(incoming.url?.includes('missing') ? 404 : 200).end(`bytes of ${incoming.url}`);
  });
  const refused: string[] = [];
  const proxy = createPackageProxy({
    allowed: new Set(allowed),
    cacheDirectory,
    howToAllow: (host) => `Ask ada to allow ${host}.`,
    onRefused: (host) => refused.push(host),
  });
  const [mirrorPort, proxyPort] = await Promise.all([mirror, proxy].map(listening));
  t.after(() => {
    for (const server of [mirror, proxy]) server.close().closeAllConnections();
    rmSync(join(cacheDirectory, '..'), { recursive: true });
  });

  /** By the proxy. */
  function fetch(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return answerTo(get({ host: '127.0.0.1', port: proxyPort, path: url, headers }));
  }

  function connect(target: string): Promise<Answer> {
    return answerTo(request({ host: '127.0.0.1', port: proxyPort, method: 'CONNECT', path: target }).end());
  }

  return { fetch, connect, asked, refused, cacheDirectory, mirror: `http://127.0.0.1:${mirrorPort}` };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function answerTo(asked: ReturnType<typeof request>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const take = async (response: IncomingMessage) => ({
      status: response.statusCode,
      body: await text(response),
    });
    asked.once('response', (response) => take(response).then(resolve, reject));
    asked.once('connect', (response: IncomingMessage) => resolve({ status: response.statusCode, body: '' }));
    asked.once('error', reject);
  });
}

test('a package is fetched once, and an index by its hash; whatever may change is asked for again', async (t) => {
  const { fetch, asked, mirror } = await start(t);
  const paths = ['/pool/make_4.3_amd64.deb', '/dists/by-hash/SHA256/12ab', '/dists/InRelease'];
  for (const path of [...paths, ...paths])
    assert.deepEqual(await fetch(mirror + path), { status: 200, body: `bytes of ${path}` });
  assert.deepEqual(
    asked,
    [...paths, '/dists/InRelease'].map((path) => `GET ${path}`),
  );
});

test('a condition reaches the mirror', async (t) => {
  const { fetch, asked, mirror } = await start(t);
  await fetch(`${mirror}/InRelease`, { 'if-modified-since': 'Tue, 24 Nov 2026 03:06:43 GMT' });
  assert.deepEqual(asked, ['GET /InRelease Tue, 24 Nov 2026 03:06:43 GMT']);
});

test('what is missing or breaks off is not kept', async (t) => {
  const { fetch, asked, cacheDirectory, mirror } = await start(t);
  assert.equal((await fetch(`${mirror}/missing.deb`)).status, 404);
  assert.equal((await fetch(`${mirror}/broken.deb`)).status, 502);
  assert.equal((await fetch(`${mirror}/broken.deb`)).status, 502);
  assert.equal(asked.length, 3);
  assert.deepEqual(readdirSync(cacheDirectory), []);
});

test('a host that is not allowed is refused, with the remedy', async (t) => {
  const { fetch, connect, refused } = await start(t, []);
  const { status, body } = await fetch('http://mirror.example/x.deb');
  assert.equal(status, 403);
  assert.equal(body, 'The VM may not reach mirror.example. Ask ada to allow mirror.example.\n');
  assert.equal((await connect('index.example:443')).status, 403);
  assert.deepEqual(refused, ['mirror.example', 'index.example']);
});

test('tunnels lead to https alone, and nothing but GET and HEAD of http is forwarded', async (t) => {
  const { fetch, connect } = await start(t);
  assert.equal((await connect('127.0.0.1:22')).status, 403);
  assert.equal((await fetch('ftp://127.0.0.1/x')).status, 400);
});

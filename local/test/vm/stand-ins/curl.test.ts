import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bothOf, type Ended, run, standInFor } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'gcp-local-curl-'));
const env = { CURL_HOME: folder, http_proxy: 'http://127.0.0.1:1' };

/** Answers with the request's method and its Metadata-Flavor; /refused with 403, /none with 404. */
const server = createServer((request, response) => {
  const status = { '/refused': 403, '/none': 404 }[request.url ?? ''] ?? 200;
  response.writeHead(status).end(`${request.method} ${request.headers['metadata-flavor']} ${status}`);
});
let address = '';

before(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, '.curlrc'), `connect-to = "metadata.google.internal:80:${address}"\n`);
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const METADATA = ['--silent', '--noproxy', '*', '--max-time', '10', '--header', 'Metadata-Flavor: Google'];
const CODE = ['--output', join(folder, 'answer'), '--write-out', '%{http_code}'];
const FULL_ERROR = ['-q', '--noproxy', '*', '--fail-with-body', '-sS', '--max-time', '10'];

const CASES: { what: string; args: () => string[]; ends: Partial<Ended>; answer?: string }[] = [
  {
    what: 'writes the answer to a file and its status to stdout',
    args: () => [...METADATA, ...CODE, `http://${address}/value`],
    ends: { code: 0, stdout: '200', stderr: '' },
    answer: 'GET Google 200',
  },
  {
    what: 'takes an answer 404 as an answer',
    args: () => [...METADATA, ...CODE, `http://${address}/none`],
    ends: { code: 0, stdout: '404', stderr: '' },
    answer: 'GET Google 404',
  },
  {
    what: 'finds the metadata server by its name',
    args: () => [...METADATA, 'http://metadata.google.internal/value'],
    ends: { code: 0, stdout: 'GET Google 200' },
  },
  {
    what: 'fails at an error, and shows nothing of it',
    args: () => [...METADATA, '--fail', `http://${address}/refused`],
    ends: { code: 22, stdout: '' },
  },
  {
    what: 'fails at an error, and shows its body',
    args: () => [...FULL_ERROR, '-X', 'POST', `http://${address}/refused`],
    ends: { code: 22, stdout: 'POST undefined 403' },
  },
  {
    what: 'says by its exit code that nobody is there',
    args: () => [...METADATA, ...CODE, 'http://127.0.0.1:1/value'],
    ends: { code: 7, stdout: '000', stderr: '' },
  },
];

for (const program of bothOf('curl')) {
  const { skip } = program;
  for (const { what, args, ends, answer } of CASES) {
    test(`${program.what} ${what}`, { skip }, async () => {
      const ended = await run(program, args(), { env });
      assert.deepEqual({ ...ended, ...ends }, ended);
      if (answer) assert.equal(readFileSync(join(folder, 'answer'), 'utf8'), answer);
    });
  }
}

test('the stand-in for curl refuses an option that it does not know', async () => {
  const { code, stderr } = await run(standInFor('curl'), ['--cookie-jar', 'x', `http://${address}/`]);
  assert.equal(
    stderr,
    "curl: option --cookie-jar: not in this computer's stand-in for curl. Install curl.\n",
  );
  assert.equal(code, 2);
});

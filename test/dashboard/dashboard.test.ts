import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { SAMPLE_RUNS } from '../fakes/sample-history.ts';
import { RUNNING, type SampleDashboard, sampleDashboard } from './sample-dashboard.ts';

const KEY = 'k'.repeat(24);
const ACTION = { 'x-vicinity-action': '1', 'content-type': 'application/json' };
const SUSPECT = SAMPLE_RUNS[0]?.runId ?? '';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

describe('who may use the dashboard', () => {
  let sample: SampleDashboard;
  let port: number;

  before(async () => {
    sample = await sampleDashboard(KEY);
    port = Number(new URL(sample.dashboard.url).port);
  });
  after(() => sample[Symbol.asyncDispose]());

  /** By node:http, since fetch sets Host and Origin itself. */
  function call(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const own = { host: `127.0.0.1:${port}`, cookie: `vicinity-dashboard-${port}=${KEY}` };
      const sent = httpRequest(
        { hostname: '127.0.0.1', port, path, method, headers: { ...own, ...headers } },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          );
        },
      );
      sent.on('error', reject).end(method === 'POST' ? '{"target":"all"}' : undefined);
    });
  }

  test('the printed address earns a cookie, and the key leaves the address bar', async () => {
    const { status, headers } = await call(`/?key=${KEY}`, { cookie: '' });
    assert.equal(status, 303);
    assert.equal(headers.location, '/');
    assert.deepEqual(headers['set-cookie'], [
      `vicinity-dashboard-${port}=${KEY}; HttpOnly; SameSite=Strict; Path=/`,
    ]);
  });

  test('without the cookie nothing is shown, not even the page', async () => {
    for (const path of ['/', '/api/overview', '/app.js', '/?key=wrong']) {
      const { status, text } = await call(path, { cookie: '' });
      assert.equal(status, 401, path);
      assert.match(text, /Open the address that vicinity dashboard printed/);
    }
  });

  test('the key of a dashboard on another port is none here: a browser sends the cookies of both', async () => {
    const cookie = `vicinity-dashboard-${port}=${KEY}; vicinity-dashboard-1=${'o'.repeat(KEY.length)}`;
    assert.equal((await call('/api/overview', { cookie })).status, 200);
    assert.equal((await call('/api/overview', { cookie: `vicinity-dashboard-1=${KEY}` })).status, 401);
  });

  test('a name that somebody points to 127.0.0.1 is refused', async () => {
    const { status, text } = await call('/api/overview', { host: `evil.example:${port}` });
    assert.deepEqual(
      [status, JSON.parse(text).error],
      [403, `Host evil.example:${port} is not this dashboard.`],
    );
  });

  test("another site's page can neither read nor act", async () => {
    const foreign = { origin: 'https://evil.example' };
    assert.equal((await call('/api/overview', foreign)).status, 403);
    assert.equal((await call('/api/runs', { ...foreign, ...ACTION }, 'POST')).status, 403);
    // A form of another site sends no Origin in some browsers, and cannot set a header.
    assert.equal((await call('/api/runs', {}, 'POST')).status, 403);
    assert.equal((await call(`/api/runs/${RUNNING}/cancel`, {}, 'POST')).status, 403);
    assert.deepEqual(sample.published, []);
  });

  test('its own page may act', async () => {
    const own = { origin: `http://127.0.0.1:${port}`, ...ACTION };
    const { status, text } = await call('/api/runs', own, 'POST');
    assert.equal(status, 202);
    const { requestId, ...sent } = JSON.parse(sample.published[0]?.data ?? '');
    assert.deepEqual(sent, { target: 'all', requestedBy: 'ada' });
    assert.equal(JSON.parse(text).requestId, requestId);
  });

  test('the page loads nothing from elsewhere, and a report from the bucket runs nothing', async () => {
    const page = await call('/');
    assert.match(String(page.headers['content-security-policy']), /^default-src 'none'; script-src 'self'/);
    sample.objects.write(`results/${SUSPECT}/report.html`, '<script>alert(1)</script>');
    const report = await call(`/runs/${SUSPECT}/report`);
    assert.match(String(report.headers['content-security-policy']), /^sandbox; default-src 'none'/);
  });

  test('an unknown path and an invalid query are explained', async () => {
    const said = async (path: string) => {
      const { status, text } = await call(path);
      return [status, JSON.parse(text).error];
    };
    assert.deepEqual(await said('/api/runs/nonsense'), [404, 'Run nonsense does not exist.']);
    assert.deepEqual(await said('/secret'), [404, '/secret does not exist.']);
    assert.deepEqual(await said('/..%2f..%2fetc%2fpasswd'), [404, '/..%2f..%2fetc%2fpasswd does not exist.']);
    assert.deepEqual(await said('/api/runs?before=x'), [400, 'x is not a run id.']);
    assert.deepEqual(await said(`/api/runs/${RUNNING}/log?log=passwd`), [
      404,
      'This log does not exist yet.',
    ]);
  });

  test('a log comes in parts, with whole characters, and anew when it begins anew', async () => {
    const name = `results/${RUNNING}/build.log`;
    const part = async (offset: number) =>
      JSON.parse((await call(`/api/runs/${RUNNING}/log?offset=${offset}`)).text);
    sample.objects.write(name, 'one\ntwo ');
    assert.deepEqual(await part(0), { text: 'one\ntwo ', offset: 8, skipped: 0, isNew: true });
    sample.objects.write(name, Buffer.from('one\ntwo é').subarray(0, 9));
    assert.deepEqual(await part(8), { text: '', offset: 8, skipped: 0, isNew: false });
    sample.objects.write(name, 'one\ntwo é\n');
    assert.deepEqual(await part(8), { text: 'é\n', offset: 11, skipped: 0, isNew: false });
    sample.objects.write(name, 'anew\n');
    assert.deepEqual(await part(11), { text: 'anew\n', offset: 5, skipped: 0, isNew: true });
    sample.objects.write(name, `${'x'.repeat(600_000)}\nend\n`);
    const { offset, skipped, text } = await part(0);
    assert.deepEqual([offset, skipped, text.slice(-5)], [600_005, 75_717, '\nend\n']);
    const behind = await part(5);
    assert.deepEqual([behind.isNew, behind.skipped, behind.text.length], [true, 75_717, 512 * 1024]);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { startBucket } from '../../cli/support/bucket.ts';
import { vicinity } from '../../cli/support/call.ts';
import { ScriptedClock } from '../../cli/support/scripted-clock.ts';
import { objectsOf, SAMPLE_RUNS } from '../../fakes/sample-history.ts';

const bucket = await startBucket();
const cwd = mkdtempSync(path.join(tmpdir(), 'vicinity-history-'));
const clock = new ScriptedClock([]);
const [NEWEST, LAST] = SAMPLE_RUNS.map(({ runId }) => runId);

before(async () => {
  for (const run of SAMPLE_RUNS) {
    for (const [name, text] of Object.entries(objectsOf(run))) await bucket.objects.put(name, text);
  }
});
after(() => rmSync(cwd, { recursive: true, force: true }));

const show = (...args: string[]) => vicinity(args, { cwd, clock });

test('a page ends with where the next one begins, and a target may be chosen', async () => {
  const page = await show('history', '--limit', '2');
  assert.equal(page.stdout.trim().split('\n').length, 3);
  assert.equal(page.stderr, `List older runs with: vicinity history --before ${LAST}\n`);
  const none = await show('history', '--target', 'tiles');
  assert.deepEqual(none, {
    code: 0,
    stdout: '',
    stderr: 'No matching runs. List all runs with vicinity history.\n',
  });
});

test('history --json gives each run as its status.json', async () => {
  const { stdout } = await show('history', '--json', '--limit', '1');
  const { runs, next } = JSON.parse(stdout);
  assert.deepEqual([runs[0].runId, runs[0].cost.total, next], [NEWEST, 10.45756, NEWEST]);
});

test('a page of thousands of runs takes as many requests as one of a few', async () => {
  bucket.calls.length = 0;
  await show('history', '--limit', '3');
  const few = bucket.calls.length;
  const at = Date.parse('2026-10-20T00:00:00Z');
  for (let index = 0; index < 3000; index += 1) {
    const id = new Date(at - index * 3_600_000)
      .toISOString()
      .replaceAll(/[-:]/g, '')
      .replace('T', '-')
      .slice(0, 15);
    await bucket.objects.put(`runs/${id}-00aa/status.json`, '{}');
  }
  bucket.calls.length = 0;
  await show('history', '--limit', '3');
  assert.equal(bucket.calls.length, few);
  assert.ok(few <= 7, String(few));
});

test('compare --json has the figures of both', async () => {
  const { stdout } = await show('compare', LAST ?? '', NEWEST ?? '', '--json');
  const { before: one, after: other, asked } = JSON.parse(stdout);
  assert.deepEqual([one.workers, other.workers], [10, 12]);
  assert.deepEqual(asked, [{ name: 'WORKERS', before: '10', after: '12' }]);
});

test('tune says what it lacks', async () => {
  const failed = SAMPLE_RUNS[3]?.runId ?? '';
  assert.match((await show('tune', failed)).stderr, /^error: Run \S+ \(failed\) cannot be used for tuning/);
  const { code, stderr } = await show('tune', '--target', 'tiles');
  assert.equal(code, 4);
  assert.match(
    stderr,
    /none of the newest 100 runs is a good run of tiles\. Pass --target for another target\.\n$/,
  );
});

test('report makes the page of a run that has none in the bucket, and fetches it otherwise', async () => {
  const made = await show('report', LAST ?? '');
  assert.deepEqual(made.stdout, `data/categories_results/${LAST}/report.html\n`);
  assert.match(readFileSync(path.join(cwd, made.stdout.trim()), 'utf8'), /<h2 id="advice">/);
  await bucket.objects.put(`results/${LAST}/report.html`, '<p>as the control plane wrote it');
  const { stdout } = await show('report', LAST ?? '', '--output', 'here.html', '--json');
  assert.equal(JSON.parse(stdout).file, path.join(cwd, 'here.html'));
  assert.equal(readFileSync(path.join(cwd, 'here.html'), 'utf8'), '<p>as the control plane wrote it');
});

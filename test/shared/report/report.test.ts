import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { findInLog } from '../../../shared/report/log-findings.ts';
import { outputChanges } from '../../../shared/report/output-changes.ts';
import { gatherReport } from '../../../shared/report/report-data.ts';
import { reportPage } from '../../../shared/report/report-page.ts';
import { writeReport } from '../../../shared/report/write-report.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { MemoryObjects } from '../../fakes/memory-objects.ts';
import { NOW, sampleBucket, sampleReport, sampleStatus } from './sample-report.ts';

/** What a reader sees, a space between the parts. */
function textOf(page: string): string {
  return page
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<svg[\s\S]*?<\/svg>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

test('the report tells outcome, figures, advice, cost, outputs, findings and earlier runs', async () => {
  const page = reportPage(await sampleReport(0), NOW);
  const text = textOf(page);
  for (const expected of [
    'all suspect',
    '2 [warn] lines in build.log.',
    'Time 8 h 19 min −12 % compared with the last good run',
    'Cost $10.46 $1.26 an hour',
    'WORKERS=16 on c4d-highcpu-32 instead of WORKERS=12 on c4d-highcpu-32',
    'Processors were only 68 % busy',
    'make 8 h 14 min',
    'its disk and address cost $24.90 a month',
    'data/d_anchor_category 9 880 MB 880 MB about the same · 3 changed',
    'Compared with 20261117-030012-77c0',
    '0 errors and 2 warnings in 333 lines',
    '330 [warn] places.csv: 14 places have no category',
    '20261109-181522-9d41 failed c4d-highcpu-96 48',
    'vicinity pull 20261124-030643-1a2b',
  ])
    assert.ok(text.includes(expected), `${expected}\nis not in\n${text}`);
});

test('it is one file: nothing is loaded, nothing runs, and text from outside is escaped', async () => {
  const page = reportPage(await sampleReport(0), NOW);
  assert.doesNotMatch(page, /<script|<link|<img|https?:\/\/(?!www\.w3\.org)/);
  assert.match(page, /within 90 minutes &lt;island&gt;/);
  assert.ok(page.length < 250_000);
});

test('the drawings are equal but for their size, and follow the colours of the page', async () => {
  const page = reportPage(await sampleReport(0), NOW);
  assert.deepEqual(
    [...page.matchAll(/<svg width="(\d+)"/g)].map(([, width]) => width),
    ['920', '350'],
  );
  assert.match(page, /fill="var\(--user\)"/);
});

test('a failed run is reported with what there is', async () => {
  const text = textOf(reportPage(await sampleReport(3), NOW));
  assert.match(text, /all failed/);
  assert.match(text, /Cause exit code 137 in phase make|Cause out of memory in phase make \(exit code 137\)/);
  assert.match(text, /\[error\] worker 31 was killed: out of memory/);
});

test('a run that never was on a VM has a report too', async () => {
  const { runId, target, source, params, requestedAt, resultsPrefix, vm } = sampleStatus(0);
  const status = {
    ...{ runId, target, source, params, requestedAt, resultsPrefix },
    vm: { instance: vm.instance, zone: vm.zone },
    status: 'expired' as const,
    verdict: 'failed' as const,
    attempt: 0,
    finishedAt: requestedAt,
    reason: 'It waited longer than 3 d.',
  };
  const objects = new MemoryObjects(new ManualClock());
  const settings = { now: NOW, machineTypes: [] };
  await writeReport(objects, status, settings);
  const page = (await objects.read(`results/${runId}/report.html`))?.text ?? '';
  assert.match(textOf(page), /all expired .* It waited longer than 3 d\./);
  assert.equal((await gatherReport(objects, status, settings)).samples.length, 0);
});

test('objects that cannot be read are left out of the report', async () => {
  const objects = sampleBucket();
  const { runId } = sampleStatus(0);
  objects.write(`runs/${runId}/attempt-1/outcome.json`, 'garbled');
  objects.write('results/latest.json', '[]');
  objects.write(`results/${runId}/telemetry.csv`, 'garbled');
  const { outputs, comparedWith, samples, baseline } = await sampleReport(0, objects);
  assert.deepEqual({ outputs, comparedWith, samples }, { outputs: [], comparedWith: undefined, samples: [] });
  assert.equal(baseline.length, 5);
});

test('findings have their line numbers, and are counted beyond what is shown', async () => {
  const log = ['start', '[WARN] one', '[error] two', ...Array.from({ length: 100 }, () => '[warn] more')];
  const found = await findInLog(Readable.from([`${log.join('\n')}\n`]));
  assert.deepEqual([found.lines, found.warnings, found.errors, found.shown.length], [103, 101, 1, 61]);
  assert.deepEqual(found.shown.slice(0, 2), [
    { kind: 'warn', line: 2, text: '[WARN] one' },
    { kind: 'error', line: 3, text: '[error] two' },
  ]);
});

test('a line without an end does not fill the memory: it counts as several', async () => {
  const piece = Buffer.alloc(1 << 16, 'x');
  const endless = ['[error] \r', '\ntwo\n[warn] ', ...Array.from({ length: 320 }, () => piece)];
  const { lines, errors, warnings, shown } = await findInLog(Readable.from(endless));
  assert.deepEqual([lines, errors, warnings, shown.length], [5, 1, 1, 2]);
});

test('a log that would take longer than a function may is not looked through', async () => {
  const objects = sampleBucket();
  const stat = objects.stat.bind(objects);
  objects.stat = async (name) => {
    const info = await stat(name);
    return info && { ...info, bytes: 2 ** 33 };
  };
  assert.equal((await sampleReport(0, objects)).findings, undefined);
});

test('outputs are compared file by file, by their checksums', () => {
  const side = (runId: string, files: Record<string, string>) => ({
    runId,
    manifest: Object.entries(files).map(([path, crc32c]) => ({
      name: `results/${runId}/${path}`,
      bytes: 10,
      crc32c,
    })),
  });
  const before = side('a', { 'data/x/1': 'A', 'data/x/2': 'B', 'data/xyz': 'C' });
  const now = side('b', { 'data/x/1': 'A', 'data/x/2': 'Z', 'data/x/3': 'D', 'data/xyz': 'C' });
  assert.deepEqual(outputChanges(['data/x/', 'data/xyz', 'gone'], now, before), [
    {
      path: 'data/x/',
      objects: 3,
      bytes: 30,
      against: { bytesBefore: 20, added: ['data/x/3'], removed: [], changed: ['data/x/2'] },
    },
    {
      path: 'data/xyz',
      objects: 1,
      bytes: 10,
      against: { bytesBefore: 10, added: [], removed: [], changed: [] },
    },
    { path: 'gone', objects: 0, bytes: 0, against: { bytesBefore: 0, added: [], removed: [], changed: [] } },
  ]);
});

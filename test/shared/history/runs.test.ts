import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestRunIds } from '../../../shared/history/run-ids.ts';
import { pageOfRuns } from '../../../shared/history/runs.ts';
import { statusOf } from '../../cli/support/statuses.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { MemoryObjects } from '../../fakes/memory-objects.ts';

const NOW = new Date('2026-11-24T12:00:00Z');

/** Counts its listings and reads. */
class CountingObjects extends MemoryObjects {
  listings = 0;
  reads = 0;

  override read(name: string) {
    this.reads += 1;
    return super.read(name);
  }

  override listFolders(options: Parameters<MemoryObjects['listFolders']>[0]) {
    this.listings += 1;
    return super.listFolders(options);
  }
}

/** A bucket with a run every `hours` hours, back from NOW. */
function bucketOf(count: number, hours: number) {
  const objects = new CountingObjects(new ManualClock());
  const runIds = Array.from({ length: count }, (_, index) => {
    const at = new Date(NOW.getTime() - index * hours * 3_600_000).toISOString();
    return `${at.slice(0, 10).replaceAll('-', '')}-${at.slice(11, 19).replaceAll(':', '')}-00aa`;
  });
  for (const runId of runIds) objects.write(`runs/${runId}/status.json`, JSON.stringify(statusOf({ runId })));
  return { objects, runIds };
}

test('the newest runs come first, by a few listings however many there are', async () => {
  for (const hours of [0.1, 24, 168]) {
    const { objects, runIds } = bucketOf(10_000, hours);
    assert.deepEqual(await newestRunIds(objects, { limit: 25, now: NOW }), runIds.slice(0, 25));
    assert.ok(objects.listings <= 4);
  }
});

test('a page of 25 of 10,000 runs takes a read each and a few listings, and is there within a second', async () => {
  for (const hours of [0.1, 24, 168]) {
    const { objects, runIds } = bucketOf(10_000, hours);
    const begun = performance.now();
    const { runs } = await pageOfRuns(objects, { limit: 25, now: NOW });
    assert.ok(performance.now() - begun < 1000);
    assert.deepEqual(
      runs.map(({ runId }) => runId),
      runIds.slice(0, 25),
    );
    assert.equal(objects.reads, 25);
    assert.ok(objects.listings <= 4);
  }
});

test('page after page gives every run once', async () => {
  const { objects, runIds } = bucketOf(60, 30);
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = await pageOfRuns(objects, { limit: 25, before, now: NOW });
    seen.push(...page.runs.map(({ runId }) => runId));
    before = page.next;
  } while (before);
  assert.deepEqual(seen, runIds);
});

test('what is no run, or has no readable status, is passed over', async () => {
  const { objects, runIds } = bucketOf(2, 1);
  objects.write('runs/notes/readme.txt', 'x');
  objects.write('runs/20261124-115900-0001/spec.json', '{}');
  objects.write('runs/20261124-115800-0002/status.json', 'garbled');
  const page = await pageOfRuns(objects, { limit: 10, now: NOW });
  assert.deepEqual(
    page.runs.map(({ runId }) => runId),
    runIds,
  );
  assert.equal(page.next, undefined);
});

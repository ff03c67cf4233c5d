import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { objectsOf, SAMPLE_RUNS } from '../../fakes/sample-history.ts';
import { startBucket } from '../support/bucket.ts';
import { album, overlong, screen, snapshot } from '../support/screens.ts';
import { ScriptedClock } from '../support/scripted-clock.ts';
import { objectsOfState, RUN_STATES } from './states.ts';

/** What a person sees of runs, on terminals of three widths. After a change: node --test --test-update-snapshots, and look at them. */

const WIDTHS = [120, 80, 60];
const { objects, faults } = await startBucket();
const cwd = mkdtempSync(path.join(tmpdir(), 'vicinity-screens-'));
const now = '2026-11-24T12:00:00Z';
const [NEWEST = '', LAST = ''] = SAMPLE_RUNS.map(({ runId }) => runId);

before(async () => {
  const states = Object.values(RUN_STATES).map((state) => objectsOfState(state));
  for (const each of [...SAMPLE_RUNS.map((run) => objectsOf(run)), ...states]) {
    for (const [name, text] of Object.entries(each)) await objects.put(name, text);
  }
});
after(() => rmSync(cwd, { recursive: true, force: true }));

const show = (args: string[], columns = 80, steps: (() => unknown)[] = []) =>
  screen(args, { cwd, clock: new ScriptedClock(steps, now), columns });

const AT_EVERY_WIDTH: Record<string, string[]> = {
  history: ['history'],
  compare: ['compare', LAST, NEWEST],
  tune: ['tune', '--target', 'all'],
  pull: ['pull', NEWEST],
  status: ['status', NEWEST],
};

for (const [name, args] of Object.entries(AT_EVERY_WIDTH)) {
  test(`${name} fits the terminal`, async (t) => {
    const screens: string[] = [];
    for (const columns of WIDTHS) screens.push(await show(args, columns));
    t.assert.fileSnapshot(album(screens), ...snapshot(name));
    for (const [index, text] of screens.entries()) assert.deepEqual(overlong(text, WIDTHS[index] ?? 0), []);
  });
}

test('status of a run in each of its states', async (t) => {
  const screens: string[] = [];
  for (const state of Object.values(RUN_STATES)) screens.push(await show(['status', state.status.runId]));
  t.assert.fileSnapshot(album(screens), ...snapshot('status-of-each-state'));
  for (const text of screens) assert.deepEqual(overlong(text, 80), []);
});

test('history of runs in all states', async (t) => {
  const { runId } = RUN_STATES.expired.status;
  const screens = [
    await show(['history', '--limit', '14']),
    await show(['history', '--before', runId, '-n', '2']),
    await show(['history', '--status', 'failed']),
    await show(['history', '--status', 'suspect', '--target', 'none']),
  ];
  t.assert.fileSnapshot(album(screens), ...snapshot('history-of-all-states'));
});

test('watch follows a run from the queue to its end', async (t) => {
  const { runId } = RUN_STATES.queued.status;
  const steps = watchSteps(runId);
  t.assert.fileSnapshot(await show(['watch', runId], 80, steps), ...snapshot('watch'));

  function watchSteps(id: string) {
    const tell = (state: keyof typeof RUN_STATES) => async () => {
      for (const [name, text] of Object.entries(objectsOfState(RUN_STATES[state], id)))
        await objects.put(name, text);
    };
    return [tell('starting'), tell('running'), tell('failed')];
  }
});

test('logs prints a log, and says why there is none', async (t) => {
  const { failed, starting } = RUN_STATES;
  const screens = [
    await show(['logs', failed.status.runId]),
    await show(['logs', failed.status.runId, '--serial']),
    await show(['logs', starting.status.runId, '--detail']),
  ];
  t.assert.fileSnapshot(album(screens), ...snapshot('logs'));
});

test('report tells where the page is', async (t) => {
  t.assert.fileSnapshot(await show(['report', NEWEST]), ...snapshot('report'));
});

test('ssh tells the calls that it would make', async (t) => {
  const screens = [
    await show(['ssh', '--dry-run']),
    await show(['ssh', '-n', '--no-hold', '--', 'df', '-h']),
  ];
  t.assert.fileSnapshot(album(screens), ...snapshot('ssh'));
});

test('what is not there, and what is misspelt', async (t) => {
  const screens = [
    await show(['stauts']),
    await show(['status', '--jsn']),
    await show(['status', 'latest']),
    await show(['status', '20200101-000000-0000']),
    await show(['history', '--limit', 'all']),
    await show(['cancel']),
    await show(['tune']),
    await show(['pull', RUN_STATES.expired.status.runId]),
    await show(['status', '--bucket', 'another-bucket']),
  ];
  t.assert.fileSnapshot(album(screens), ...snapshot('errors'));
});

test('what the cloud refuses, or does not answer', async (t) => {
  const listing = { operation: 'storage.objects.list', kind: 'error' };
  faults.add({ ...listing, status: 403, reason: 'forbidden' });
  const refused = await show(['status']);
  faults.add({ ...listing, status: 503, times: 4 });
  t.assert.fileSnapshot(album([refused, await show(['status'])]), ...snapshot('errors-of-the-cloud'));
});

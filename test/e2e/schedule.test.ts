import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { runFolder, scheduleName } from '../../shared/model/layout.ts';
import { nextFiring } from '../../shared/schedule/cron.ts';
import { scheduleRecordSchema } from '../../shared/schedule/record.ts';
import { eventually, startSystem } from './harness.ts';

/** A run at fixed times, asked for by the local Cloud Scheduler. */
const timing = { cron: '0 3 * * *', timeZone: 'Europe/Paris' };
const settings = `schedules: { nightly: { cron: '${timing.cron}', timeZone: ${timing.timeZone}, target: good, params: { STATES: maine } } }\n`;
const system = await startSystem({ settings });
const { cloud, objects } = system;
after(() => system[Symbol.asyncDispose]());

const sweep = () => system.publish('vicinity-sweep', { data: {} });

test('people are told of a scheduled run that did not come', async () => {
  await sweep();
  const record = await eventually('the schedule is known', () => objects.read(scheduleName('nightly')));
  const known = scheduleRecordSchema.parse(JSON.parse(record.text));
  // As if it had been known for long, and its job had been paused.
  const text = JSON.stringify({ ...known, checkedUntil: '2026-01-01T00:00:00.000Z' });
  assert.equal(await objects.replace(scheduleName('nightly'), text, record.generation), 'replaced');
  await sweep();
  const told = await eventually('the message', async () => system.slack('nightly did not start')[0]);
  assert.match(told, /gcloud scheduler jobs run vicinity-nightly --location=us-east4/);
});

test('Scheduler fires, and the run has the id of the time it was due', async () => {
  const due = nextFiring(timing, cloud.clock.now());
  cloud.clock.advance(due.getTime() - cloud.clock.now().getTime() + 1000);
  const prefix = runFolder(
    due
      .toISOString()
      .replaceAll(/[-:]|\..*/g, '')
      .replace('T', '-'),
  ).slice(0, -1);
  const folder = await eventually('the run', async () => (await objects.listFolders({ prefix }))[0]);
  const runId = folder.split('/')[1] ?? '';
  const { status, target, params, requestedBy } = await system.finished(runId);
  assert.deepEqual(
    { status, target, params, requestedBy },
    { status: 'succeeded', target: 'good', params: { STATES: 'maine' }, requestedBy: 'schedule nightly' },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gcloudFor, withoutGcloud } from '../support/gcloud.ts';
import { startScheduler, TOPIC } from './harness.ts';

test('gcloud scheduler: a job from the first to the last', { skip: withoutGcloud }, async (t) => {
  const { port, published } = await startScheduler(t);
  const gcloud = gcloudFor(t, { CLOUDSCHEDULER: `http://127.0.0.1:${port}/` });
  const jobs = (...args: string[]) => gcloud('scheduler', 'jobs', ...args, '--location=us-east4');
  const settings = ['--topic=topic-a', '--message-body={}', '--attributes=by=schedule', '--time-zone=UTC'];
  await jobs('create', 'pubsub', 'weekly', '--schedule=0 5 * * 1', ...settings);
  await jobs('run', 'weekly');
  const message = { data: Buffer.from('{}').toString('base64'), attributes: { by: 'schedule' } };
  assert.deepEqual(published, [{ topic: TOPIC, message }]);
  await jobs('pause', 'weekly');
  assert.equal((await jobs('describe', 'weekly', '--format=value(state)')).stdout, 'PAUSED\n');
  await jobs('resume', 'weekly');
  await jobs('update', 'pubsub', 'weekly', '--schedule=0 6 * * 1');
  const list = await jobs('list', '--format=value(ID,SCHEDULE,STATE)');
  assert.equal(list.stdout, 'weekly\t0 6 * * 1\tENABLED\n');
  await jobs('delete', 'weekly');
});

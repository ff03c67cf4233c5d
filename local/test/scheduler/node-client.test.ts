import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudSchedulerClient } from '@google-cloud/scheduler';
import { anonymousAuth } from '../anonymous-auth.ts';
import { JOB, PARENT, startScheduler, TOPIC } from './harness.ts';

test('the official Node client with fallback: a job from the first to the last', async (t) => {
  const { port, published } = await startScheduler(t);
  const client = new CloudSchedulerClient({
    fallback: true,
    apiEndpoint: '127.0.0.1',
    port,
    protocol: 'http',
    auth: anonymousAuth,
  });
  const pubsubTarget = { topicName: TOPIC, data: Buffer.from('{}'), attributes: { by: 'schedule' } };
  const job = { name: JOB, schedule: '0 5 * * 1', timeZone: 'Europe/Paris', pubsubTarget };
  const [created] = await client.createJob({ parent: PARENT, job });
  assert.deepEqual([created.name, created.state, created.timeZone], [JOB, 'ENABLED', 'Europe/Paris']);
  await client.runJob({ name: JOB });
  const message = { data: Buffer.from('{}').toString('base64'), attributes: { by: 'schedule' } };
  assert.deepEqual(published, [{ topic: TOPIC, message }]);
  assert.equal((await client.pauseJob({ name: JOB }))[0].state, 'PAUSED');
  assert.equal((await client.resumeJob({ name: JOB }))[0].state, 'ENABLED');
  const change = { job: { name: JOB, schedule: '0 6 * * 1' }, updateMask: { paths: ['schedule'] } };
  assert.equal((await client.updateJob(change))[0].schedule, '0 6 * * 1');
  assert.deepEqual(
    (await client.listJobs({ parent: PARENT }))[0].map(({ name }) => name),
    [JOB],
  );
  await client.deleteJob({ name: JOB });
  await assert.rejects(client.getJob({ name: JOB }), { code: 5 });
  await client.close();
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JOB, PARENT, type Rest, startScheduler, TOPIC, temporaryFolder } from './harness.ts';

const HOUR = 3600;
const target = { topicName: TOPIC, data: 'e30=', attributes: { by: 'schedule' } };
const hourly = { name: JOB, schedule: '0 * * * *', pubsubTarget: target };

describe('firing', () => {
  test('publishes exactly the data and the attributes of the job, at its time, again and again', async (t) => {
    const { rest, advance, advanceToFiring, published } = await startScheduler(t);
    await rest('POST', `${PARENT}/jobs`, hourly);
    await advanceToFiring();
    const message = { data: target.data, attributes: target.attributes };
    assert.deepEqual(published, [{ topic: TOPIC, message }]);
    await advance(HOUR - 2);
    assert.equal(published.length, 1);
    await advance(2);
    assert.equal(published.length, 2);
    const job = (await rest('GET', JOB)).body;
    assert.deepEqual(job.status, {});
    assert.ok(Date.parse(String(job.scheduleTime)) > Date.parse(String(job.lastAttemptTime)));
  });

  test('when the time leaps over several firings, fires once', async (t) => {
    const { rest, advance, advanceToFiring, published } = await startScheduler(t);
    await rest('POST', `${PARENT}/jobs`, hourly);
    await advanceToFiring();
    await advance(10 * HOUR);
    await advance(60);
    assert.equal(published.length, 2);
  });

  test('not while it is paused, and again once it is resumed', async (t) => {
    const { rest, advance, advanceToFiring, published } = await startScheduler(t);
    await rest('POST', `${PARENT}/jobs`, hourly);
    const paused = (await rest('POST', `${JOB}:pause`)).body;
    assert.deepEqual([paused.state, paused.scheduleTime], ['PAUSED', undefined]);
    await advance(2 * HOUR);
    assert.equal(published.length, 0);
    assert.equal((await rest('POST', `${JOB}:resume`)).body.state, 'ENABLED');
    await advanceToFiring();
    assert.equal(published.length, 1);
  });

  test('by hand at any time, also while it is paused', async (t) => {
    const { rest, published } = await startScheduler(t);
    await rest('POST', `${PARENT}/jobs`, hourly);
    await rest('POST', `${JOB}:pause`);
    const { body } = await rest('POST', `${JOB}:run`);
    assert.equal(published.length, 1);
    assert.deepEqual([body.state, body.status], ['PAUSED', {}]);
  });

  test('a failure is recorded, and not repeated without retries', async (t) => {
    const { rest, advance, advanceToFiring, published, failing } = await startScheduler(t);
    await rest('POST', `${PARENT}/jobs`, hourly);
    failing.now = true;
    await advanceToFiring();
    assert.deepEqual((await rest('GET', JOB)).body.status, {
      code: 5,
      message: `Topic ${TOPIC} does not exist.`,
    });
    await advance(600);
    assert.equal(published.length, 1);
  });

  test('a failure is retried after its backoff, as often as the job says', async (t) => {
    const { rest, advance, advanceToFiring, published, failing } = await startScheduler(t);
    const retryConfig = { retryCount: 2, minBackoffDuration: '10s' };
    await rest('POST', `${PARENT}/jobs`, { ...hourly, retryConfig });
    failing.now = true;
    await advanceToFiring();
    for (const [seconds, attempts] of [
      [9, 1],
      [2, 2],
      [18, 2],
      [3, 3],
      [3000, 3],
    ] as const) {
      await advance(seconds);
      assert.equal(published.length, attempts);
    }
    failing.now = false;
    await advanceToFiring();
    assert.equal(published.length, 4);
    assert.deepEqual((await rest('GET', JOB)).body.status, {});
  });

  test('the retry that succeeds is the last', async (t) => {
    const { rest, advance, advanceToFiring, published, failing } = await startScheduler(t);
    await rest('POST', `${PARENT}/jobs`, {
      ...hourly,
      schedule: '0 5 * * *',
      retryConfig: { retryCount: 5 },
    });
    failing.now = true;
    await advanceToFiring();
    failing.now = false;
    await advance(6);
    await advance(3000);
    assert.equal(published.length, 2);
  });

  test('goes on after a restart, without what was missed meanwhile', async (t) => {
    const folder = temporaryFolder(t);
    const before = await startScheduler(t, folder);
    await before.rest('POST', `${PARENT}/jobs`, hourly);
    await before.scheduler.close();

    const after = await startScheduler(t, folder);
    assert.ok(
      Date.parse(String((await after.rest('GET', JOB)).body.scheduleTime)) > after.clock.now().getTime(),
    );
    assert.deepEqual(after.published, []);
    await after.advanceToFiring();
    assert.equal(after.published.length, 1);
  });
});

describe('the API', () => {
  test('creates with the defaults of Google Cloud, reads, changes, lists and deletes', async (t) => {
    const { rest } = await startScheduler(t);
    const created = (await rest('POST', `${PARENT}/jobs`, hourly)).body;
    const { userUpdateTime, scheduleTime, ...settings } = created;
    assert.ok(Date.parse(String(userUpdateTime)) < Date.parse(String(scheduleTime)));
    assert.deepEqual(settings, {
      ...hourly,
      timeZone: 'UTC',
      retryConfig: {
        maxRetryDuration: '0s',
        minBackoffDuration: '5s',
        maxBackoffDuration: '3600s',
        maxDoublings: 5,
      },
      state: 'ENABLED',
    });
    const change = { schedule: '0 5 * * 1', description: 'ignored: not in the mask' };
    const changed = (await rest('PATCH', `${JOB}?updateMask=schedule`, change)).body;
    assert.deepEqual([changed.schedule, changed.description], ['0 5 * * 1', undefined]);
    assert.deepEqual((await rest('GET', `${PARENT}/jobs`)).body, { jobs: [changed] });
    assert.deepEqual((await rest('GET', `${PARENT}-2/jobs`)).body, { jobs: [] });
    assert.deepEqual((await rest('DELETE', JOB)).body, {});
    assert.equal((await rest('GET', JOB)).status, 404);
  });

  test('makes up a name where none is given', async (t) => {
    const { rest } = await startScheduler(t);
    const { name: _, ...nameless } = hourly;
    const { body } = await rest('POST', `${PARENT}/jobs`, nameless);
    assert.match(String(body.name), /^projects\/test-project\/locations\/us-east4\/jobs\/[\da-f-]{36}$/);
  });

  test('knows locations', async (t) => {
    const { rest } = await startScheduler(t);
    const location = { name: PARENT, locationId: 'us-east4' };
    assert.deepEqual((await rest('GET', PARENT)).body, location);
    const { locations } = (await rest('GET', 'projects/test-project/locations')).body;
    assert.ok((locations as object[]).some((one) => JSON.stringify(one) === JSON.stringify(location)));
  });

  const refused: [string, object, number, string][] = [
    [
      'an HTTP target',
      { httpTarget: { uri: 'http://x' } },
      501,
      'The local cloud does not implement httpTarget (Scheduler).',
    ],
    [
      'no target',
      { pubsubTarget: undefined },
      400,
      'pubsubTarget.topicName is ""; it must be projects/PROJECT/topics/TOPIC.',
    ],
    [
      'an empty message',
      { pubsubTarget: { topicName: TOPIC } },
      400,
      'pubsubTarget needs data that is not empty, or at least one attribute.',
    ],
    [
      'too many retries',
      { retryConfig: { retryCount: 6 } },
      400,
      'retryConfig.retryCount is 6; it must be from 0 to 5.',
    ],
    [
      'a backoff upside down',
      { retryConfig: { minBackoffDuration: '60s', maxBackoffDuration: '30s' } },
      400,
      'retryConfig.minBackoffDuration is longer than maxBackoffDuration.',
    ],
    [
      'a bad name',
      { name: `${PARENT}/jobs/a b` },
      400,
      `"${PARENT}/jobs/a b" is not a job's name: projects/PROJECT/locations/LOCATION/jobs/JOB, where JOB has 1 to 500 letters, digits, hyphens or underscores.`,
    ],
  ];
  for (const [what, change, status, message] of refused)
    test(`refuses ${what}`, async (t) => {
      const { rest } = await startScheduler(t);
      assert.deepEqual(await refusal(rest, { ...hourly, ...change }), [status, message]);
    });

  test('refuses a name that is taken', async (t) => {
    const { rest } = await startScheduler(t);
    await rest('POST', `${PARENT}/jobs`, hourly);
    assert.deepEqual(await refusal(rest, hourly), [409, `Job ${JOB} exists already.`]);
  });
});

async function refusal(rest: Rest, job: object): Promise<[number, string]> {
  const { status, body } = await rest('POST', `${PARENT}/jobs`, job);
  return [status, (body.error as { message: string }).message];
}

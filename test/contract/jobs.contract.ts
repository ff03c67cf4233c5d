import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isJobOver, isTaskOver, type JobRequest, type Jobs, jobId } from '../../shared/ports/jobs.ts';

export interface JobsUnderTest {
  jobs: Jobs;
  /** Lets time pass until the job is over. Its tasks exit with 0. */
  untilOver(id: string): Promise<void>;
}

const RUN_ID = '20261201-060000-1a2b';
const ID = jobId(RUN_ID, 1);
const FIRST = '11111111-1111-8111-8111-111111111111';
const SECOND = '22222222-2222-8222-8222-222222222222';
const REQUEST: JobRequest = {
  runId: RUN_ID,
  wave: 1,
  taskCount: 3,
  parallelism: 2,
  machineType: 'c4d-highcpu-32',
  isSpot: false,
  maxRunSeconds: 3600,
  environment: { RUN_ID, WAVE: '1', RUN_SPEC: '{"version":1}' },
};

/** What every implementation of Jobs must do. `make` gives a fleet without jobs. */
export function jobsContract(name: string, make: () => Promise<JobsUnderTest>): void {
  suite(`Jobs: ${name}`, () => {
    test('a job that does not exist is read as undefined, has no tasks, and is cancelled without effect', async () => {
      const { jobs } = await make();
      assert.equal(await jobs.read(ID), undefined);
      assert.deepEqual(await jobs.tasks(ID), []);
      await jobs.cancel(ID, FIRST);
      assert.deepEqual(await jobs.ours(), []);
    });

    test('a job is created once, whatever the request id of the repetition', async () => {
      const { jobs } = await make();
      assert.equal(await jobs.create(ID, REQUEST, FIRST), 'created');
      assert.equal(await jobs.create(ID, REQUEST, SECOND), 'exists');
      assert.deepEqual(
        (await jobs.ours()).map(({ id, runId }) => ({ id, runId })),
        [{ id: ID, runId: RUN_ID }],
      );
    });

    test('of concurrent creations one creates', async () => {
      const { jobs } = await make();
      const answers = await Promise.all([FIRST, SECOND].map((request) => jobs.create(ID, REQUEST, request)));
      assert.deepEqual(answers.sort(), ['created', 'exists']);
    });

    test('a job runs every task once and is over', async () => {
      const { jobs, untilOver } = await make();
      await jobs.create(ID, REQUEST, FIRST);
      await untilOver(ID);
      const facts = await jobs.read(ID);
      assert.equal(facts?.state, 'SUCCEEDED');
      assert.ok(!Number.isNaN(Date.parse(facts.since)));
      assert.deepEqual(await jobs.tasks(ID), [
        { index: 0, state: 'SUCCEEDED', exitCode: 0 },
        { index: 1, state: 'SUCCEEDED', exitCode: 0 },
        { index: 2, state: 'SUCCEEDED', exitCode: 0 },
      ]);
      assert.deepEqual(await jobs.ours(), [{ id: ID, runId: RUN_ID, isOver: true }]);
    });

    test('the id of a job that is over stays taken', async () => {
      const { jobs, untilOver } = await make();
      await jobs.create(ID, REQUEST, FIRST);
      await untilOver(ID);
      assert.equal(await jobs.create(ID, REQUEST, SECOND), 'exists');
    });

    test('a cancelled job ends, and its details stay', async () => {
      const { jobs, untilOver } = await make();
      await jobs.create(ID, REQUEST, FIRST);
      await jobs.cancel(ID, FIRST);
      await jobs.cancel(ID, SECOND);
      await untilOver(ID);
      const facts = await jobs.read(ID);
      assert.equal(facts?.state, 'CANCELLED');
      assert.ok((await jobs.tasks(ID)).every(({ state }) => isTaskOver(state)));
    });

    test('cancelling a job that is over changes nothing', async () => {
      const { jobs, untilOver } = await make();
      await jobs.create(ID, REQUEST, FIRST);
      await untilOver(ID);
      await jobs.cancel(ID, SECOND);
      const facts = await jobs.read(ID);
      assert.ok(facts && isJobOver(facts.state));
      assert.equal(facts.state, 'SUCCEEDED');
    });
  });
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Cause, causeSchema } from '../../../shared/model/attempt.ts';
import type { Status } from '../../../shared/model/status.ts';
import { describeRun } from '../../../shared/presentation/describe-run.ts';
import { progressOf } from '../../../shared/presentation/progress.ts';
import { runSentence, stageOf } from '../../../shared/presentation/stage.ts';
import { statusOf } from '../../cli/support/statuses.ts';

const RUN_ID = '20261124-030643-1a2b';
const STARTED = { startedAt: '2026-11-24T03:07:00Z', finishedAt: '2026-11-24T03:49:15Z', attempt: 1 };
const failed = (changes: Partial<Status>) =>
  statusOf({ runId: RUN_ID, status: 'failed', verdict: 'failed', ...STARTED, ...changes });

describe('the headline of a run', () => {
  const cases: [Partial<Status>, string][] = [
    [{ status: 'queued' }, 'all is queued'],
    [{ status: 'running', startedAt: STARTED.startedAt }, 'all is running'],
    [{ status: 'succeeded', verdict: 'ok', ...STARTED }, 'all succeeded in 42 min 15 s'],
    [
      { status: 'succeeded', verdict: 'suspect', ...STARTED },
      'all succeeded in 42 min 15 s, but looks suspect',
    ],
    [{ status: 'failed', verdict: 'failed', ...STARTED }, 'all failed after 42 min 15 s'],
    [{ status: 'timed-out', ...STARTED }, 'all reached its time limit after 42 min 15 s'],
    [{ status: 'start-failed', attempt: 0 }, 'all could not be started'],
  ];
  for (const [changes, headline] of cases)
    test(headline, () => assert.equal(describeRun(statusOf(changes)).headline, headline));
});

describe('the cause of a failure in words', () => {
  const expected: Record<Cause, string> = {
    exit: 'exit code 2 in phase make',
    'time-limit': 'time limit reached in phase make',
    memory: 'out of memory in phase make (exit code 2)',
    disk: 'disk full in phase make (exit code 2)',
    metadata: 'invalid VM metadata in phase make (exit code 2)',
    source: 'source package or input unavailable in phase make (exit code 2)',
    provisioning: 'provisioning failed in phase make (exit code 2)',
    upload: 'upload failed in phase make (exit code 2)',
    script: 'startup script error in phase make (exit code 2)',
  };
  for (const cause of causeSchema.options)
    test(cause, () =>
      assert.equal(describeRun(failed({ cause, exitCode: 2, phase: 'make' })).cause, expected[cause]),
    );

  test('is absent where no VM reported, and for a success', () => {
    assert.equal(describeRun(failed({ status: 'lost' })).cause, undefined);
    const good = statusOf({ ...STARTED, status: 'succeeded', verdict: 'ok', cause: 'exit', exitCode: 0 });
    assert.equal(describeRun(good).cause, undefined);
  });
});

describe('the tone of a run', () => {
  const tone = (changes: Partial<Status>) => describeRun(statusOf(changes)).tone;
  test('a cancelled run is not shown as a failure', () => {
    assert.equal(tone({ status: 'cancelled', verdict: 'failed' }), 'neutral');
    assert.equal(tone({ status: 'lost', verdict: 'failed' }), 'bad');
  });
});

describe('the next steps', () => {
  const commands = (status: Status) => describeRun(status).next.map(({ command }) => command);
  const retry = `vicinity run --target all --source ${'ab'.repeat(32)} --param WORKERS=32`;

  test('after a failure: log, results, retry', () => {
    assert.deepEqual(commands(failed({})), [`vicinity logs ${RUN_ID}`, `vicinity pull ${RUN_ID}`, retry]);
  });
  test('a run that no VM worked on has neither log nor results', () => {
    assert.deepEqual(commands(failed({ status: 'expired', attempt: 0 })), [retry]);
    assert.deepEqual(commands(failed({ status: 'start-failed' })), [retry]);
  });
  test('an active run can be followed and cancelled', () => {
    const running = statusOf({ runId: RUN_ID, status: 'running' });
    assert.deepEqual(commands(running), [`vicinity watch ${RUN_ID}`, `vicinity cancel ${RUN_ID}`]);
  });
});

test('the reason of a run goes through the filter for secrets', () => {
  assert.equal(describeRun(failed({ reason: 'make: API_TOKEN=abc' })).reason, 'make: API_TOKEN=[redacted]');
});

test('where a run stands, in sentences', () => {
  const sentence = runSentence(failed({ exitCode: 2, phase: 'make', reason: 'make ended.' }));
  assert.equal(sentence, `Run ${RUN_ID} failed after 42 min 15 s: exit code 2 in phase make. make ended.`);
  assert.equal(
    runSentence(statusOf({ runId: RUN_ID, queuePosition: 2 })),
    `Run ${RUN_ID}: queued, position 2.`,
  );
});

test('the stage says how long the phase has taken', () => {
  const heartbeat = { at: '', bootId: '', phase: 'make', phaseStartedAt: '2026-11-24T03:10:00Z' };
  const running = statusOf({ status: 'running', attempt: 1 });
  const now = new Date('2026-11-24T12:00:00Z');
  assert.equal(stageOf(running, heartbeat, now), 'running, attempt 1, phase make for 8 h 50 min');
});

test('the time left names its basis where it is a guess', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const running = (finishAt: string, basis: 'progress' | 'former-run') =>
    progressOf(statusOf({ status: 'running', estimate: { finishAt, basis } }), now).timeLeft;
  assert.equal(running('2026-11-24T13:00:00Z', 'progress'), 'about 1 h left');
  assert.equal(
    running('2026-11-24T11:55:00Z', 'former-run'),
    '5 min longer than expected (by the last good run)',
  );
});

import type { Status } from '../../../shared/model/status.ts';

export const RUN_ID = '20261124-030643-1a2b';

/** A run as it is queued; `changes` make it something else. */
export function statusOf(changes: Partial<Status> = {}): Status {
  return {
    runId: RUN_ID,
    target: 'all',
    status: 'queued',
    source: { sha256: 'ab'.repeat(32), commit: '0123456789abcdef0123', dirty: true },
    params: { WORKERS: '32' },
    requestedBy: 'ada',
    requestedAt: '2026-11-24T03:06:43Z',
    resultsPrefix: `gs://vicinity-local/results/${RUN_ID}`,
    vm: { instance: 'vicinity-batch', zone: 'us-east4-c' },
    ...changes,
  };
}

export function finishedStatus(changes: Partial<Status> = {}): Status {
  return statusOf({
    status: 'succeeded',
    verdict: 'ok',
    attempt: 1,
    startedAt: '2026-11-24T03:07:00Z',
    finishedAt: '2026-11-24T13:19:00Z',
    exitCode: 0,
    phase: 'done',
    ...changes,
  });
}

import type { Heartbeat } from '../../../shared/model/attempt.ts';
import {
  buildLogName,
  heartbeatName,
  specName,
  statusName,
  summaryName,
} from '../../../shared/model/layout.ts';
import type { Status } from '../../../shared/model/status.ts';
import type { TelemetrySummary } from '../../../shared/telemetry/summarise.ts';
import { finishedStatus, statusOf } from '../support/statuses.ts';

/** A run in a state, with the other objects that tell of it. */
export interface RunState {
  status: Status;
  heartbeat?: Heartbeat;
  telemetry?: TelemetrySummary;
  /** build.log */
  log?: string;
}

const MACHINE = { instance: 'vicinity-batch', zone: 'us-east4-c', machineType: 'c4d-highcpu-32' };
const OFF = { stoppedBy: 'startup-script', terminatedSeenAt: '2026-11-24T08:20:31.000Z' } as const;
const PHASES = [
  { name: 'boot', seconds: 21 },
  { name: 'source', seconds: 6.2 },
  { name: 'apt', seconds: 48 },
  { name: 'python', seconds: 71.4 },
  { name: 'make', seconds: 18_432.7 },
  { name: 'upload', seconds: 63 },
];
const COST: Status['cost'] = {
  currency: 'USD',
  pricesAsOf: '2026-11-01',
  provisioning: 'standard',
  perHour: 1.25579,
  total: 6.51,
  phases: [{ name: 'make', dollars: 6.43 }],
  other: 0.01,
  idlePerMonth: 24.9,
};

const LOG = '[minutes] shard 41/83 done\n[minutes] shard 42/83 done\n';

/** As runs are on 2026-11-24 at 12:00 UTC; each of a day of its own, so that they sort. */
export const RUN_STATES = {
  queued: {
    status: statusOf({ runId: '20261023-030643-0001', vm: MACHINE, queuePosition: 2, params: {} }),
  },
  starting: {
    status: statusOf({
      runId: '20261022-030643-0002',
      status: 'starting',
      attempt: 1,
      vm: MACHINE,
      reason: 'The start failed (ZONE_RESOURCE_POOL_EXHAUSTED); tried again after 2026-11-24T12:08:00Z.',
    }),
  },
  running: {
    status: statusOf({
      runId: '20261021-030643-0003',
      status: 'running',
      attempt: 1,
      vm: MACHINE,
      startedAt: '2026-11-24T03:07:21Z',
    }),
    heartbeat: {
      at: '2026-11-24T11:59:30Z',
      bootId: 'boot',
      phase: 'make',
      phaseStartedAt: '2026-11-24T03:10:00Z',
      progress: {
        fraction: 0.506,
        done: 42,
        total: 83,
        at: '2026-11-24T11:59:00Z',
        since: '2026-11-24T03:10:00Z',
        sinceFraction: 0.012,
      },
    },
    log: LOG,
  },
  succeeded: {
    status: finishedStatus({
      runId: '20261020-030643-0004',
      finishedAt: '2026-11-24T08:19:54Z',
      phases: PHASES,
      outputs: [{ path: 'data/d_anchor_category', objects: 51, bytes: 1_400_000_000 }],
      warnings: 0,
      errors: 0,
      workers: 32,
      vm: { ...MACHINE, ...OFF, onSeconds: 18_671 },
      cost: COST,
      state: { saved: { name: 'state/all/x.json', files: 1204, bytes: 310_000_000 } },
    }),
    telemetry: {
      samples: 3700,
      memoryTotalBytes: 64e9,
      phases: [
        {
          phase: 'make',
          samples: 3600,
          cpu: { average: 91.4, peak: 99.9 },
          iowait: { average: 1.2, peak: 9 },
          runQueue: { average: 33.5, peak: 40 },
          memoryUsedBytes: { average: 48e9, peak: 57e9 },
        },
      ],
    },
  },
  suspect: {
    status: finishedStatus({
      runId: '20261019-030643-0005',
      verdict: 'suspect',
      reason: '3 [error] lines in build.log. Empty output: data/minutes.',
      phases: PHASES,
      outputs: [{ path: 'data/minutes', objects: 0, bytes: 0 }],
      warnings: 1,
      errors: 3,
      vm: { ...MACHINE, ...OFF, onSeconds: 18_671 },
      cost: COST,
    }),
  },
  failed: {
    status: finishedStatus({
      runId: '20261018-030643-0006',
      status: 'failed',
      verdict: 'failed',
      finishedAt: '2026-11-24T03:49:15Z',
      cause: 'memory',
      exitCode: 137,
      phase: 'make',
      reason: 'make was killed for lack of memory (exit code 137). Fewer WORKERS, or a larger machine.',
      phases: [...PHASES.slice(0, 4), { name: 'make', seconds: 2388 }],
      warnings: 0,
      errors: 1,
      vm: { ...MACHINE, ...OFF, onSeconds: 2571 },
      cost: { ...COST, total: 0.89 },
    }),
    log: `${LOG}[error] worker 31 was killed: out of memory\nmake: *** [all] Error 137\n`,
  },
  cancelled: {
    status: finishedStatus({
      runId: '20261017-030643-0007',
      status: 'cancelled',
      verdict: 'failed',
      finishedAt: '2026-11-24T03:30:00Z',
      exitCode: 143,
      phase: 'make',
      reason: 'Cancelled by ana.',
      vm: { ...MACHINE, onSeconds: 1380, stoppedBy: 'control-plane', terminatedSeenAt: OFF.terminatedSeenAt },
    }),
  },
  timedOut: {
    status: broken({
      runId: '20261016-030643-0008',
      status: 'timed-out',
      verdict: 'failed',
      finishedAt: '2026-11-24T23:07:00Z',
      reason: 'The VM was stopped 40 min after its time limit of 20 h, without having reported an outcome.',
      vm: {
        ...MACHINE,
        onSeconds: 72_300,
        stoppedBy: 'max-run-duration',
        terminatedSeenAt: OFF.terminatedSeenAt,
      },
      cost: { ...COST, total: 25.22, provisioning: 'spot', spotSaved: 38.1 },
    }),
  },
  lost: {
    status: broken({
      runId: '20261015-030643-0009',
      status: 'lost',
      verdict: 'failed',
      attempt: 3,
      reason: 'The VM died in attempt 3 of 3 (preempted) while it was in phase make.',
      vm: {
        ...MACHINE,
        onSeconds: 9300,
        spotSeconds: 4100,
        stoppedBy: 'unknown',
        terminatedSeenAt: OFF.terminatedSeenAt,
      },
    }),
  },
  startFailed: {
    status: notStarted({
      runId: '20261014-030643-000a',
      status: 'start-failed',
      reason: 'c4d-highcpu-32 was out of stock in us-east4-c for 2 h (ZONE_RESOURCE_POOL_EXHAUSTED).',
    }),
  },
  expired: {
    status: notStarted({
      runId: '20261013-030643-000b',
      status: 'expired',
      reason: 'It waited longer than 3 days for the VM.',
    }),
  },
} satisfies Record<string, RunState>;

/** Everything in the bucket that tells of the run; with `runId`, of that run. */
export function objectsOfState(
  { status, heartbeat, telemetry, log }: RunState,
  runId = status.runId,
): Record<string, string> {
  const resultsPrefix = `gs://vicinity-local/results/${runId}`;
  const own = { ...status, runId, resultsPrefix };
  return {
    [specName(runId)]: JSON.stringify({ baseline: { runId: '20261001-000000-aaaa', phases: PHASES } }),
    [statusName(runId)]: JSON.stringify(own),
    ...(heartbeat && { [heartbeatName(runId, 1)]: JSON.stringify(heartbeat) }),
    ...(telemetry && { [summaryName(runId)]: JSON.stringify({ ...own, telemetry }) }),
    ...(log !== undefined && { [buildLogName(runId)]: log }),
  };
}

/** Without an outcome of its VM. */
function broken(changes: Partial<Status>): Status {
  const startedAt = '2026-11-24T03:07:00Z';
  return statusOf({
    verdict: 'failed',
    attempt: 1,
    startedAt,
    finishedAt: '2026-11-24T13:19:00Z',
    ...changes,
  });
}

function notStarted(changes: Partial<Status>): Status {
  return statusOf({
    verdict: 'failed',
    attempt: 0,
    finishedAt: '2026-11-24T05:06:43Z',
    vm: MACHINE,
    ...changes,
  });
}

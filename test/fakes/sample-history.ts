import { createHash } from 'node:crypto';
import type { Status } from '../../shared/model/status.ts';
import { costOfRun } from '../../shared/pricing/run-cost.ts';

/** A history such as the pipeline's own: runs of hours on two machines, each object as the control plane and the VM write it. */

const GIB = 2 ** 30;
const OUTPUTS = ['data/d_anchor_category', 'data/minutes', 'tiles'];

export interface SampleRun {
  runId: string;
  workers: number;
  machineType: string;
  /** Seconds of phase make. */
  make: number;
  changes?: Partial<Status>;
  log?: string[];
}

/** The objects of a run's life, by name. */
export function objectsOf(run: SampleRun, bucket = 'vicinity-local'): Record<string, string> {
  const { runId, log = [] } = run;
  const status = statusOf(run, bucket);
  const objects: Record<string, string> = {
    [`runs/${runId}/spec.json`]: JSON.stringify(specOf(status)),
    [`runs/${runId}/status.json`]: `${JSON.stringify(status, null, 2)}\n`,
    [`results/${runId}/build.log`]: [...progress(run), ...log].join('\n'),
  };
  if (!status.finishedAt) return objects;
  return {
    ...objects,
    [`runs/${runId}/attempt-1/outcome.json`]: JSON.stringify(outcomeOf(run, status)),
    [`results/${runId}/telemetry.csv`]: telemetryOf(run, status),
  };
}

export function statusOf(
  { runId, workers, machineType, make, changes = {} }: SampleRun,
  bucket: string,
): Status {
  const [, date = '', time = ''] = /^(\d{8})-(\d{6})/.exec(runId) ?? [];
  const iso = `${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`;
  const startedAt = new Date(Date.parse(iso) + 38_000).toISOString();
  const phases = [
    { name: 'boot', seconds: 21 },
    { name: 'claim', seconds: 1 },
    { name: 'source', seconds: 6 },
    { name: 'apt', seconds: 48 },
    { name: 'python', seconds: 71 },
    { name: 'native', seconds: 94 },
    { name: 'make', seconds: make },
    { name: 'upload', seconds: 63 },
  ];
  const seconds = phases.reduce((sum, phase) => sum + phase.seconds, 0);
  const onSeconds = seconds + 24;
  const cost = costOfRun(
    { machineType, onSeconds, phases },
    { disk: { type: 'hyperdisk-balanced', sizeGb: 200 }, staticAddress: true },
  );
  return {
    runId,
    target: 'all',
    status: 'succeeded',
    verdict: 'ok',
    attempt: 1,
    source: {
      sha256: sha(`${runId.slice(0, 6)}`),
      commit: sha(runId.slice(0, 6)).slice(0, 40),
      dirty: false,
    },
    params: { WORKERS: String(workers), STATES: 'massachusetts' },
    requestedBy: 'ana',
    requestedAt: iso,
    resultsPrefix: `gs://${bucket}/results/${runId}`,
    startedAt,
    finishedAt: new Date(Date.parse(startedAt) + seconds * 1000).toISOString(),
    exitCode: 0,
    phase: 'done',
    phases,
    outputs: OUTPUTS.map((path, index) => ({ path, objects: 9 * (index + 1), bytes: bytesOf(runId, path) })),
    warnings: 0,
    errors: 0,
    workers,
    vm: {
      instance: 'vicinity-batch',
      zone: 'us-east4-c',
      machineType,
      onSeconds,
      stoppedBy: 'startup-script',
      terminatedSeenAt: new Date(Date.parse(startedAt) + onSeconds * 1000).toISOString(),
    },
    ...(cost && { cost }),
    ...changes,
  };
}

function specOf({ runId, target, source, params, vm, requestedAt, requestedBy }: Status) {
  return {
    version: 1,
    runId,
    trigger: `request:${runId}`,
    messageId: '1',
    target,
    source,
    params,
    outputs: OUTPUTS,
    provision: { apt: [] },
    machineType: vm.machineType,
    fallbackMachineTypes: [],
    maxSeconds: 72_000,
    maxAttempts: 3,
    maxAgeSeconds: 259_200,
    startWithinSeconds: 7200,
    telemetryInterval: 5,
    onBusy: 'queue',
    requestedBy,
    requestedAt,
  };
}

function outcomeOf({ runId, workers }: SampleRun, status: Status) {
  const { startedAt, finishedAt, exitCode, phase, phases, outputs, warnings, errors } = status;
  const manifest = OUTPUTS.flatMap((path, index) =>
    Array.from({ length: 9 * (index + 1) }, (_, file) => ({
      name: `results/${runId}/${path}/part-${file}.parquet`,
      bytes: Math.round(bytesOf(runId, path) / (9 * (index + 1))),
      crc32c: sha(`${path}${file}${file % 3 === 0 ? runId : ''}`).slice(0, 8),
    })),
  );
  return {
    runId,
    attempt: 1,
    bootId: 'boot',
    outcome: status.status === 'succeeded' ? 'succeeded' : 'failed',
    cause: 'exit',
    exitCode,
    phase,
    startedAt,
    finishedAt,
    phases,
    outputs,
    manifest,
    warnings,
    errors,
    workers,
    vcpus: 32,
    memoryBytes: 60 * GIB,
  };
}

/** About 700 samples: processors that fill with the workers, memory that grows with the pieces at hand. */
function telemetryOf({ workers, machineType }: SampleRun, { startedAt = '', phases = [] }: Status): string {
  const cpus = Number(machineType.split('-').at(-1));
  const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  const interval = Math.max(5, Math.round(total / 700));
  const kib = (cpus * 1.875 * GIB) / 1024;
  const rows = [
    'time,phase,usr,sys,wa,idle,irq,soft,steal,runq,blocked,mem_total_kib,mem_free_kib,mem_available_kib,swap_used_kib',
  ];
  let elapsed = 0;
  for (const { name, seconds } of phases) {
    for (let at = 0; at < seconds; at += interval) {
      const done = at / seconds;
      const wave = 7 * Math.sin(at / 900) + 3 * Math.sin(at / 130);
      const fill = Math.min(96, (workers / cpus) * 175) * (done > 0.94 ? 0.55 : 1);
      const usr =
        name === 'make'
          ? Math.max(4, Math.min(96, fill + wave))
          : name === 'native'
            ? 55 + wave
            : 9 + wave / 3;
      const sys = name === 'make' ? 3.5 : 5;
      const wa = name === 'upload' ? 14 : name === 'make' ? 2.2 + wave / 8 + (done < 0.06 ? 9 : 0) : 4;
      const used = name === 'make' ? (0.12 + 0.016 * workers * Math.min(1, done * 2.4)) * kib : 0.05 * kib;
      const time = new Date(Date.parse(startedAt) + (elapsed + at) * 1000)
        .toISOString()
        .replace(/\.\d+Z/, 'Z');
      const numbers = [usr, sys, Math.max(0.3, wa), 100 - usr - sys - wa, 0, 0.2, 0].map((each) =>
        each.toFixed(2),
      );
      const memory = [kib, kib - used * 1.3, kib - used, 0].map(Math.round);
      rows.push([time, name, ...numbers, workers, 0, ...memory].join(','));
    }
    elapsed += seconds;
  }
  return `${rows.join('\n')}\n`;
}

function progress({ make }: SampleRun): string[] {
  return Array.from({ length: Math.min(400, Math.round(make / 90)) }, (_, index) =>
    index % 2 === 0
      ? `[minutes] shard ${index / 2 + 1}/200 massachusetts: 81,204 anchors, 84.1 s`
      : `[d_anchor_category] category ${(index + 1) / 2} of 200 written to data/d_anchor_category`,
  );
}

function bytesOf(runId: string, path: string): number {
  return 40_000_000 * path.length + (Number.parseInt(sha(runId + path).slice(0, 4), 16) % 4_000_000);
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The newest is suspect; before it four good ones, a failed one, and one on the larger machine. */
export const SAMPLE_RUNS: SampleRun[] = [
  {
    runId: '20261124-030643-1a2b',
    workers: 12,
    machineType: 'c4d-highcpu-32',
    make: 29_640,
    changes: { verdict: 'suspect', reason: '2 [warn] lines in build.log.', warnings: 2 },
    log: [
      '[warn] places.csv: 14 places have no category and are left out',
      '[minutes] shard 200/200 massachusetts: 81,204 anchors, 80.2 s',
      '[warn] town-over-25k: 3 anchors reach no town within 90 minutes <island>',
      '[done] all targets are up to date',
    ],
  },
  { runId: '20261117-030012-77c0', workers: 10, machineType: 'c4d-highcpu-32', make: 33_900 },
  { runId: '20261110-030010-0b7e', workers: 10, machineType: 'c4d-highcpu-32', make: 34_210 },
  {
    runId: '20261109-181522-9d41',
    workers: 48,
    machineType: 'c4d-highcpu-96',
    make: 2210,
    changes: {
      status: 'failed',
      verdict: 'failed',
      exitCode: 137,
      phase: 'make',
      reason: 'make was killed for lack of memory (exit code 137). Fewer WORKERS, or a larger machine.',
      errors: 1,
    },
    log: ['[error] worker 31 was killed: out of memory', 'make: *** [all] Error 137'],
  },
  { runId: '20261103-030008-5f20', workers: 32, machineType: 'c4d-highcpu-96', make: 12_480 },
  { runId: '20261027-030011-e8a3', workers: 10, machineType: 'c4d-highcpu-32', make: 34_020 },
];

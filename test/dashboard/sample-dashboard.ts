import { join } from 'node:path';
import { type Dashboard, startDashboard } from '../../dashboard/dashboard.ts';
import { configSchema } from '../../shared/config/schema.ts';
import type { InstanceFacts } from '../../shared/ports/instance.ts';
import type { TopicMessage } from '../../shared/ports/topic.ts';
import { MemoryFiles } from '../cli/support/memory-files.ts';
import { ROOT } from '../docs/markdown.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { objectsOf, SAMPLE_RUNS } from '../fakes/sample-history.ts';

export const NOW = '2026-11-24T18:20:00Z';
export const RUNNING = '20261124-174000-4c11';
export const WAITING = '20261124-175500-88d0';

export const SAMPLE_CONFIG = {
  targets: { all: { outputs: ['tiles'] }, d_anchor_category: {} },
  params: {
    WORKERS: { pattern: '[1-9][0-9]{0,2}', description: 'Worker processes.' },
    STATES: { pattern: '[a-z]+(-[a-z]+)*', default: 'massachusetts', description: 'One state.' },
  },
  vm: { disk: { sizeGb: 200 } },
};

export interface SampleDashboard extends AsyncDisposable {
  dashboard: Dashboard;
  objects: MemoryFiles;
  published: TopicMessage[];
  /** What the VM is, or why it cannot be read. */
  instance: { facts: InstanceFacts | Error };
}

/** The dashboard over a bucket in memory: the sample history, a run that goes on, and one that waits. */
export async function sampleDashboard(key?: string): Promise<SampleDashboard> {
  const clock = new ManualClock(NOW);
  const objects = new MemoryFiles(clock, 'vicinity-local');
  for (const run of SAMPLE_RUNS) writeAll(objects, objectsOf(run));
  writeLive(objects);
  const published: TopicMessage[] = [];
  const instance: SampleDashboard['instance'] = { facts: RUNNING_VM };
  const dashboard = await startDashboard({
    source: {
      config: configSchema.parse(SAMPLE_CONFIG),
      objects,
      async publish(message) {
        published.push(message);
        return String(published.length);
      },
      async readInstance() {
        if (instance.facts instanceof Error) throw instance.facts;
        return instance.facts;
      },
      clock,
      user: 'ada',
    },
    page: join(ROOT, 'dashboard/page'),
    port: 0,
    key,
  });
  return {
    dashboard,
    objects,
    published,
    instance,
    [Symbol.asyncDispose]: () => dashboard.close(),
  };
}

const RUNNING_VM: InstanceFacts = {
  status: 'RUNNING',
  machineType: 'c4d-highcpu-32',
  isSpot: false,
  metadata: {},
  metadataVersion: '1',
  labels: {},
  lastStartedAt: '2026-11-24T17:40:08Z',
};

export const STOPPED_VM: InstanceFacts = { ...RUNNING_VM, status: 'TERMINATED' };

/** A run in its phase make, with a log and telemetry so far; and one behind it. */
function writeLive(objects: MemoryFiles): void {
  const unfinished = {
    verdict: undefined,
    finishedAt: undefined,
    exitCode: undefined,
    outputs: undefined,
    phases: undefined,
    cost: undefined,
    warnings: undefined,
    errors: undefined,
  } as object;
  const vm = { instance: 'vicinity-batch', zone: 'us-east4-c', machineType: 'c4d-highcpu-32' };
  const running = { runId: RUNNING, workers: 16, machineType: 'c4d-highcpu-32', make: 2000 };
  const finished = objectsOf(running);
  writeAll(objects, {
    ...objectsOf({ ...running, changes: { ...unfinished, status: 'running', phase: 'make', vm } }),
    [`results/${RUNNING}/telemetry.csv`]: finished[`results/${RUNNING}/telemetry.csv`] ?? '',
    [`runs/${RUNNING}/attempt-1/heartbeat.json`]: JSON.stringify({
      at: NOW,
      bootId: 'boot',
      phase: 'make',
      phaseStartedAt: '2026-11-24T17:44:02Z',
    }),
    ...objectsOf({
      runId: WAITING,
      workers: 16,
      machineType: 'c4d-highcpu-32',
      make: 1,
      changes: {
        ...unfinished,
        status: 'queued',
        queuePosition: 1,
        target: 'd_anchor_category',
        startedAt: undefined,
        vm,
      } as object,
    }),
    'control/vicinity-batch.json': JSON.stringify({
      epoch: 7,
      active: {
        runId: RUNNING,
        attempt: 1,
        startSeq: 1,
        since: '2026-11-24T17:40:02Z',
        attemptSince: '2026-11-24T17:40:02Z',
        earlierOnSeconds: 0,
      },
      queue: [{ runId: WAITING, since: '2026-11-24T17:55:00Z' }],
    }),
  });
}

function writeAll(objects: MemoryFiles, all: Record<string, string>): void {
  for (const [name, text] of Object.entries(all)) objects.write(name, text);
}

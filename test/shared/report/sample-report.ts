import type { Status } from '../../../shared/model/status.ts';
import { gatherReport, type ReportData } from '../../../shared/report/report-data.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { MemoryObjects } from '../../fakes/memory-objects.ts';
import { objectsOf, SAMPLE_RUNS, type SampleRun, statusOf } from '../../fakes/sample-history.ts';

export const NOW = new Date('2026-11-24T12:00:00Z');
const SETTINGS = { now: NOW, machineTypes: ['c4d-highcpu-32', 'c4d-highcpu-96'] };

/** A bucket with the sample history, newest first, and the good runs that `results/latest.json` would name. */
export function sampleBucket(runs: SampleRun[] = SAMPLE_RUNS): MemoryObjects {
  const objects = new MemoryObjects(new ManualClock());
  for (const run of runs) {
    for (const [name, text] of Object.entries(objectsOf(run))) objects.write(name, text);
  }
  const good = runs.filter(({ changes }) => changes?.verdict !== 'failed');
  const latest = { all: { runId: good[0]?.runId, before: good[1]?.runId } };
  objects.write('results/latest.json', JSON.stringify(latest));
  return objects;
}

export function sampleStatus(index: number): Status {
  const run = SAMPLE_RUNS[index];
  if (!run) throw new Error(`There is no sample run ${index}.`);
  return statusOf(run, 'vicinity-local');
}

export function sampleReport(index: number, objects = sampleBucket()): Promise<ReportData> {
  return gatherReport(objects, sampleStatus(index), SETTINGS);
}

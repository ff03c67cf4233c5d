import { figuresOf, type RunFigures } from '../history/facts.ts';
import { earlierRuns, readStatuses } from '../history/runs.ts';
import { type Outcome, outcomeSchema } from '../model/attempt.ts';
import { latestResultsSchema } from '../model/latest-results.ts';
import { buildLogName, LATEST_RESULTS, outcomeName, specName, telemetryName } from '../model/layout.ts';
import { specSchema } from '../model/spec.ts';
import type { Status } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { CostSettings } from '../pricing/run-cost.ts';
import { readIfValid } from '../records/documents.ts';
import { type PhaseLoad, phaseLoads } from '../telemetry/loads.ts';
import { parseTelemetry, type Sample } from '../telemetry/samples.ts';
import type { Tuning } from '../tuning/tune.ts';
import { tuneRun } from '../tuning/tune-run.ts';
import { type Findings, findInLog } from './log-findings.ts';
import { type OutputChange, outputChanges } from './output-changes.ts';

/** A function has nine minutes; the outcome has the counts of a longer log, too. */
const MAX_LOG_BYTES = 2 ** 32;

/** Everything that a report tells. */
export interface ReportData {
  status: Status;
  outcome?: Outcome | undefined;
  samples: Sample[];
  loads: PhaseLoad[];
  findings?: Findings | undefined;
  outputs: OutputChange[];
  /** The good run that the outputs are compared with. */
  comparedWith?: string | undefined;
  /** Runs of the same target before this one, newest first. */
  baseline: RunFigures[];
  tuning?: Tuning | undefined;
}

export interface ReportSettings {
  now: Date;
  /** Allowed machine types: what a run may be tuned to. */
  machineTypes: string[];
  costs?: CostSettings | undefined;
}

/** Reads what the bucket knows of a run. What is missing or cannot be read is left out: a report is made of the rest. */
export async function gatherReport(
  objects: ObjectStore,
  status: Status,
  settings: ReportSettings,
): Promise<ReportData> {
  const { runId, attempt = 0 } = status;
  const [outcome, csv, findings, baseline, goodId, outputs] = await Promise.all([
    readOutcome(objects, runId, attempt),
    objects.read(telemetryName(runId)),
    readFindings(objects, runId),
    earlierRuns(objects, status, settings.now),
    lastGoodRun(objects, status),
    declaredOutputs(objects, status),
  ]);
  const samples = parseTelemetry(csv?.text ?? '');
  const loads = phaseLoads(samples);
  const good = goodId && (await readGood(objects, goodId));
  return {
    status,
    outcome,
    samples,
    loads,
    findings,
    outputs: outcome ? outputChanges(outputs, { runId, manifest: outcome.manifest }, good || undefined) : [],
    comparedWith: good ? good.runId : undefined,
    baseline: baseline.map(figuresOf),
    tuning: tuneRun(status, loads, baseline, settings),
  };
}

function readOutcome(objects: ObjectStore, runId: string, attempt: number): Promise<Outcome | undefined> {
  return readIfValid(objects, outcomeName(runId, attempt), outcomeSchema);
}

async function readGood(objects: ObjectStore, { runId, attempt }: { runId: string; attempt: number }) {
  const outcome = await readOutcome(objects, runId, attempt);
  return outcome && { runId, manifest: outcome.manifest };
}

/** The run that `results/latest.json` names for the target, or the one before where that is this very run. */
async function lastGoodRun(objects: ObjectStore, { runId, target }: Status) {
  const latest = (await readIfValid(objects, LATEST_RESULTS, latestResultsSchema))?.[target];
  const goodId = latest?.runId === runId ? latest.before : latest?.runId;
  if (!goodId || goodId === runId) return undefined;
  const [good] = await readStatuses(objects, [goodId]);
  return good && { runId: goodId, attempt: good.attempt ?? 1 };
}

async function declaredOutputs(objects: ObjectStore, { runId, outputs = [] }: Status): Promise<string[]> {
  const spec = await readIfValid(objects, specName(runId), specSchema.pick({ outputs: true }));
  return spec?.outputs ?? outputs.map(({ path }) => path);
}

async function readFindings(objects: ObjectStore, runId: string): Promise<Findings | undefined> {
  const name = buildLogName(runId);
  const log = await objects.stat(name);
  return log && log.bytes <= MAX_LOG_BYTES ? findInLog(await objects.open(name)) : undefined;
}

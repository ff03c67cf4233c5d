import { z } from 'zod';
import { figuresOf, type RunFigures } from '../history/facts.ts';
import { newestRunIds } from '../history/run-ids.ts';
import { type ReadText, readerOf, readStatuses } from '../history/runs.ts';
import { type Outcome, outcomeSchema } from '../model/attempt.ts';
import { buildLogName, LATEST_RESULTS, outcomeName, specName, telemetryName } from '../model/layout.ts';
import { specSchema } from '../model/spec.ts';
import type { Status } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { CostSettings } from '../pricing/run-cost.ts';
import { type PhaseLoad, phaseLoads } from '../telemetry/loads.ts';
import { parseTelemetry, type Sample } from '../telemetry/samples.ts';
import { type Tuning, tune } from '../tuning/tune.ts';
import { type Findings, findInLog } from './log-findings.ts';
import { type OutputChange, outputChanges } from './output-changes.ts';

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
  former: RunFigures[];
  tuning?: Tuning | undefined;
}

export interface ReportSettings {
  now: Date;
  /** Allowed machine types: what a run may be tuned to. */
  machineTypes: string[];
  costs?: CostSettings | undefined;
}

/** How many runs are looked through for those of the same target, and how many of these are shown. */
const LOOK_BACK = 40;
const MOST_FORMER = 10;

/** Reads what the bucket knows of a run. What is missing or cannot be read is left out: a report is made of the rest. */
export async function gatherReport(
  objects: ObjectStore,
  status: Status,
  settings: ReportSettings,
): Promise<ReportData> {
  const read = readerOf(objects);
  const { runId, attempt = 0 } = status;
  const [outcome, csv, findings, former, goodId, outputs] = await Promise.all([
    readOutcome(read, runId, attempt),
    read(telemetryName(runId)),
    readFindings(objects, runId),
    formerRuns(objects, read, status, settings.now),
    lastGoodRun(read, status),
    declaredOutputs(read, status),
  ]);
  const samples = parseTelemetry(csv ?? '');
  const loads = phaseLoads(samples);
  const good = goodId && (await readGood(read, goodId));
  return {
    status,
    outcome,
    samples,
    loads,
    findings,
    outputs: outcome ? outputChanges(outputs, { runId, manifest: outcome.manifest }, good || undefined) : [],
    comparedWith: good ? good.runId : undefined,
    former: former.map(figuresOf),
    tuning: tuningOf(status, loads, former, settings),
  };
}

export function tuningOf(
  status: Status,
  loads: PhaseLoad[],
  former: Status[],
  { machineTypes, costs }: ReportSettings,
): Tuning | undefined {
  const load = loads.find(({ name }) => name === 'make');
  if (!load || status.status !== 'succeeded') return undefined;
  const good = [status, ...former].filter((each) => each.status === 'succeeded');
  return tune({
    run: figuresOf(status),
    load,
    history: good.map(figuresOf),
    machineTypes,
    provisioning: costs?.provisioning,
    prices: costs?.prices,
  });
}

/** Finished runs of the same target before this one, newest first. */
export async function formerRuns(
  objects: ObjectStore,
  read: ReadText,
  { runId, target }: Status,
  now: Date,
): Promise<Status[]> {
  const runIds = await newestRunIds(objects, { limit: LOOK_BACK, before: runId, now });
  const runs = await readStatuses(read, runIds);
  return runs.filter((run) => run.target === target && run.startedAt && run.finishedAt).slice(0, MOST_FORMER);
}

async function readOutcome(read: ReadText, runId: string, attempt: number): Promise<Outcome | undefined> {
  return parsed(outcomeSchema, await read(outcomeName(runId, attempt)));
}

async function readGood(read: ReadText, { runId, attempt }: { runId: string; attempt: number }) {
  const outcome = await readOutcome(read, runId, attempt);
  return outcome && { runId, manifest: outcome.manifest };
}

/** The run that `results/latest.json` names for the target, or the one before where that is this very run. */
async function lastGoodRun(read: ReadText, { runId, target }: Status) {
  const latest = parsed(latestSchema, await read(LATEST_RESULTS))?.[target];
  const goodId = latest?.runId === runId ? latest.before : latest?.runId;
  if (!goodId || goodId === runId) return undefined;
  const [good] = await readStatuses(read, [goodId]);
  return good && { runId: goodId, attempt: good.attempt ?? 1 };
}

const latestSchema = z.record(z.string(), z.object({ runId: z.string(), before: z.string().optional() }));

async function declaredOutputs(read: ReadText, { runId, outputs = [] }: Status): Promise<string[]> {
  const spec = parsed(specSchema.pick({ outputs: true }), await read(specName(runId)));
  return spec?.outputs ?? outputs.map(({ path }) => path);
}

async function readFindings(objects: ObjectStore, runId: string): Promise<Findings | undefined> {
  const name = buildLogName(runId);
  return (await objects.stat(name)) ? findInLog(await objects.open(name)) : undefined;
}

function parsed<S extends z.ZodType>(schema: S, text: string | undefined): z.output<S> | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

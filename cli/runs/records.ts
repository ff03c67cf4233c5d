import { RUN_ID } from '../../shared/config/names.ts';
import { InvalidError, NotFoundError } from '../../shared/errors.ts';
import { type Heartbeat, type Outcome, outcomeSchema } from '../../shared/model/attempt.ts';
import {
  outcomeName,
  RUNS,
  runIdOfName,
  specName,
  statusName,
  summaryName,
} from '../../shared/model/layout.ts';
import { type RunSpec, specSchema } from '../../shared/model/spec.ts';
import { isFinished, live, type Status, statusSchema } from '../../shared/model/status.ts';
import { summarySchema } from '../../shared/model/summary.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import { parseDocument, readDocument } from '../../shared/records/documents.ts';
import type { TelemetrySummary } from '../../shared/telemetry/summarise.ts';

/** A run's record in the bucket. */
export interface RunRecord {
  /** The text of status.json. */
  text: string;
  status: Status;
}

/** The run of this id, or the newest one. Throws InvalidError for a malformed id, NotFoundError where there is no such run. */
export async function findRun(objects: ObjectStore, runId: string | undefined): Promise<RunRecord> {
  if (runId === undefined)
    return newestRun(objects, () => true, 'contains no runs yet. Start one with vicinity run.');
  const record = await readRun(objects, checkedRunId(runId));
  if (record) return record;
  throw new NotFoundError(
    `Run ${runId} does not exist in gs://${objects.bucket}. List the runs with vicinity history, or pass --bucket.`,
  );
}

export function newestFinishedRun(objects: ObjectStore): Promise<RunRecord> {
  return newestRun(
    objects,
    isFinished,
    'contains no finished run yet. Follow the active run with vicinity watch.',
  );
}

/** The newest run that failed: not one that was cancelled. */
export function newestFailedRun(objects: ObjectStore): Promise<RunRecord> {
  return newestRun(
    objects,
    ({ status, verdict }) => verdict === 'failed' && status !== 'cancelled',
    'contains no failed run. List the runs with vicinity history.',
  );
}

export async function readRun(objects: ObjectStore, runId: string): Promise<RunRecord | undefined> {
  const name = statusName(runId);
  const stored = await objects.read(name);
  return stored && { text: stored.text, status: parseDocument(objects, name, stored, statusSchema) };
}

/** The outcome of the last attempt; undefined where its VM wrote none. */
export function readOutcome(
  objects: ObjectStore,
  { runId, attempt = 0 }: Status,
): Promise<Outcome | undefined> {
  return readDocument(objects, outcomeName(runId, attempt), outcomeSchema);
}

/** Phases of the last good run, from which the time left is estimated. */
export async function readBaseline(objects: ObjectStore, runId: string): Promise<Pick<RunSpec, 'baseline'>> {
  return (await readDocument(objects, specName(runId), specSchema.pick({ baseline: true }))) ?? {};
}

/** Load of a finished run's machine, if known. */
export async function readTelemetry(
  objects: ObjectStore,
  status: Status,
): Promise<TelemetrySummary | undefined> {
  if (!isFinished(status)) return undefined;
  const schema = summarySchema.pick({ telemetry: true });
  return (await readDocument(objects, summaryName(status.runId), schema))?.telemetry;
}

/** The status updated by the last heartbeat, which is more recent than status.json while the run is active. */
export function withHeartbeat(
  status: Status,
  heartbeat: Heartbeat | undefined,
  spec: Pick<RunSpec, 'baseline'>,
): Status {
  if (!heartbeat || status.startedAt === undefined) return status;
  return { ...status, ...live(spec, status.startedAt, heartbeat) };
}

/** Declared outputs of the run: files and directories. Empty where its spec is gone. */
export async function readOutputs(objects: ObjectStore, runId: string): Promise<string[]> {
  const spec = await readDocument(objects, specName(runId), specSchema.pick({ outputs: true }));
  return spec?.outputs ?? [];
}

export function checkedRunId(runId: string): string {
  if (RUN_ID.test(runId)) return runId;
  throw new InvalidError([
    { field: runId, problem: 'is not a run id', remedy: 'A run id looks like 20261124-030643-1a2b.' },
  ]);
}

/** Run ids sort by time. Skips runs that have a spec but no status yet. */
async function newestRun(
  objects: ObjectStore,
  isWanted: (status: Status) => boolean,
  otherwise: string,
): Promise<RunRecord> {
  const folders = await objects.listFolders({ prefix: RUNS });
  for (const folder of folders.toReversed()) {
    const runId = runIdOfName(folder);
    const record = runId === undefined ? undefined : await readRun(objects, runId);
    if (record && isWanted(record.status)) return record;
  }
  throw new NotFoundError(`gs://${objects.bucket} ${otherwise}`);
}

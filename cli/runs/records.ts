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

/** What the bucket says of a run. */
export interface RunRecord {
  /** status.json as it is. */
  text: string;
  status: Status;
}

/** The run of this id, or the newest one. Throws InvalidError for what is no id, NotFoundError where there is no such run. */
export async function findRun(objects: ObjectStore, runId: string | undefined): Promise<RunRecord> {
  if (runId === undefined) return newestRun(objects, () => true, 'has no run yet. vicinity run starts one.');
  const record = await readRun(objects, checkedRunId(runId));
  if (record) return record;
  throw new NotFoundError(
    `Run ${runId} is not in gs://${objects.bucket}. vicinity status shows the newest run; --bucket names another bucket.`,
  );
}

export function newestFinishedRun(objects: ObjectStore): Promise<RunRecord> {
  return newestRun(
    objects,
    isFinished,
    'has no finished run yet. vicinity watch follows the one that goes on.',
  );
}

export async function readRun(objects: ObjectStore, runId: string): Promise<RunRecord | undefined> {
  const name = statusName(runId);
  const stored = await objects.read(name);
  return stored && { text: stored.text, status: parseDocument(objects, name, stored.text, statusSchema) };
}

/** Of the run's last attempt; undefined where its VM left none. */
export function readOutcome(
  objects: ObjectStore,
  { runId, attempt = 0 }: Status,
): Promise<Outcome | undefined> {
  return readDocument(objects, outcomeName(runId, attempt), outcomeSchema);
}

/** What a run's time left is reckoned from, beside its progress. */
export async function readBaseline(objects: ObjectStore, runId: string): Promise<Pick<RunSpec, 'baseline'>> {
  return (await readDocument(objects, specName(runId), specSchema.pick({ baseline: true }))) ?? {};
}

/** How hard the machine of a finished run worked, where that is known. */
export async function readTelemetry(
  objects: ObjectStore,
  status: Status,
): Promise<TelemetrySummary | undefined> {
  if (!isFinished(status)) return undefined;
  const schema = summarySchema.pick({ telemetry: true });
  return (await readDocument(objects, summaryName(status.runId), schema))?.telemetry;
}

/** The status, brought up to date by the VM's last sign of life, which is newer than status.json while the run goes on. */
export function withHeartbeat(
  status: Status,
  heartbeat: Heartbeat | undefined,
  spec: Pick<RunSpec, 'baseline'>,
): Status {
  if (!heartbeat || status.startedAt === undefined) return status;
  return { ...status, ...live(spec, status.startedAt, heartbeat) };
}

/** What the run was to make: files and directories. None is known where its spec is gone. */
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

/** Run ids sort by time. A run is recorded by its spec first: one whose status is not written yet is passed over. */
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

import { costSettings } from '../../shared/config/costs.ts';
import { NotFoundError } from '../../shared/errors.ts';
import { newestRunIds } from '../../shared/history/run-ids.ts';
import { earlierRuns, readStatuses } from '../../shared/history/runs.ts';
import { telemetryName } from '../../shared/model/layout.ts';
import type { Status } from '../../shared/model/status.ts';
import type { FileStore } from '../../shared/ports/files.ts';
import { phaseLoads } from '../../shared/telemetry/loads.ts';
import { parseTelemetry } from '../../shared/telemetry/samples.ts';
import type { Tuning } from '../../shared/tuning/tune.ts';
import { tuneRun } from '../../shared/tuning/tune-run.ts';
import type { Context } from '../context/context.ts';
import { findRun } from './records.ts';

const LOOK_BACK = 100;

/** The next WORKERS and machine type, by the run of this id or the newest good one of a target. Throws NotFoundError where no run can tell. */
export async function findTuning(
  context: Context,
  { runId, target }: { runId?: string | undefined; target: string },
): Promise<Tuning> {
  const objects = await context.objects();
  const now = context.host.clock.now();
  const status = runId ? (await findRun(objects, runId)).status : await newestGood(context, objects, target);
  const csv = await objects.read(telemetryName(status.runId));
  const loads = phaseLoads(parseTelemetry(csv?.text ?? ''));
  const baseline = await earlierRuns(objects, status, now);
  const { machineTypes } = context.config;
  const tuning = tuneRun(status, loads, baseline, { machineTypes, costs: costSettings(context.config) });
  if (tuning) return tuning;
  throw new NotFoundError(
    `Run ${status.runId} (${status.status}) tells nothing about tuning: it needs a phase make that succeeded, its ` +
      'telemetry.csv, and a machine type whose price is known (prices in vicinity.yaml).',
  );
}

async function newestGood({ host }: Context, objects: FileStore, target: string): Promise<Status> {
  const runIds = await newestRunIds(objects, { limit: LOOK_BACK, now: host.clock.now() });
  const runs = await readStatuses(objects, runIds);
  const good = runs.find((run) => run.target === target && run.status === 'succeeded');
  if (good) return good;
  throw new NotFoundError(
    `gs://${objects.bucket} has no good run of ${target} among the newest ${LOOK_BACK}: there is nothing to tune by yet. --target names another one.`,
  );
}

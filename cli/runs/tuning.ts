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

/** The next WORKERS and machine type, based on the run of this id, or the newest good run of a target. Throws NotFoundError where there is none. */
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
    `Run ${status.runId} (${status.status}) cannot be used for tuning: it needs a successful make phase, telemetry.csv, ` +
      'and a machine type with a known price (prices in vicinity.yaml). Choose another run: vicinity history.',
  );
}

async function newestGood({ host }: Context, objects: FileStore, target: string): Promise<Status> {
  const runIds = await newestRunIds(objects, { limit: LOOK_BACK, now: host.clock.now() });
  const runs = await readStatuses(objects, runIds);
  const good = runs.find((run) => run.target === target && run.status === 'succeeded');
  if (good) return good;
  throw new NotFoundError(
    `gs://${objects.bucket}: none of the newest ${LOOK_BACK} runs is a good run of ${target}. Pass --target for another target.`,
  );
}

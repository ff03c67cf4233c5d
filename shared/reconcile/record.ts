import type { Final } from '../model/final.ts';
import { serialLogName, summaryName, telemetryName } from '../model/layout.ts';
import type { ActiveRun } from '../model/slot.ts';
import { finishedStatus, type Status, type VmProof } from '../model/status.ts';
import { type InstanceFacts, isOff } from '../ports/instance.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { type CostSettings, costOfRun } from '../pricing/run-cost.ts';
import { toText } from '../records/documents.ts';
import { writeStatus } from '../records/status-store.ts';
import { parseTelemetryLog } from '../telemetry/parse-log.ts';
import { telemetryOf } from '../telemetry/reading.ts';
import { parseTelemetry } from '../telemetry/samples.ts';
import { summarise, type TelemetrySummary } from '../telemetry/summarise.ts';
import { onSeconds } from './decide-active.ts';
import type { Dependencies } from './dependencies.ts';
import { isGood } from './evaluate-outcome.ts';
import type { Observed, RunFacts } from './facts.ts';
import { pointLatestResults, pointLatestState } from './point-latest.ts';
import { STOP_MARGIN } from './timeouts.ts';

/**
 * Writes what follows from final.json: summary.json, the pointers to the last good run and its state, the report, and last of all
 * the status.
 */
export async function recordFinished(
  deps: Dependencies,
  observed: Observed,
  run: RunFacts & { final: Final },
): Promise<void> {
  const { objects, instance } = deps;
  const location = { bucket: objects.bucket, instance: instance.name, zone: instance.zone };
  const { active } = observed.slot;
  const proof = active?.runId === run.spec.runId ? proofOf(observed, active, run) : (run.status?.vm ?? {});
  const status = withCost(finishedStatus(run.spec, location, run.final, proof), deps.costs);
  await describe(deps, run.final, status);
  if (isGood(run.spec, run.final)) {
    await pointLatestResults(objects, run);
    await pointLatestState(objects, run);
  }
  const standing = await writeStatus(objects, status);
  // Another function has seen the VM off meanwhile, which the summary and the report are to tell as well.
  if (standing !== status) await describe(deps, run.final, standing);
}

/** The results that tell of the run: summary.json and the report. */
async function describe(deps: Dependencies, final: Final, status: Status): Promise<void> {
  const telemetry = await readTelemetry(deps.objects, final);
  const summary = { ...status, ...(telemetry && { telemetry }) };
  await deps.objects.put(summaryName(final.runId), toText(summary));
  await report(deps, status);
}

/** A report that cannot be made must not hold up the run: it is one of the results, and made anew when the VM is seen off. */
async function report(deps: Dependencies, status: Status): Promise<void> {
  try {
    await deps.report?.(status);
  } catch (error) {
    const { runId } = status;
    deps.log({ message: 'The report could not be made.', runId, error: (error as Error).message });
  }
}

function withCost(status: Status, settings: CostSettings | undefined): Status {
  const cost = costOfRun({ ...status.vm, phases: status.phases }, settings);
  return cost ? { ...status, cost } : status;
}

/** By telemetry.csv; of a VM that died before that came up, by what its console still tells. */
async function readTelemetry(
  objects: ObjectStore,
  { runId, attempt }: Pick<Final, 'runId' | 'attempt'>,
): Promise<TelemetrySummary | undefined> {
  if (attempt === 0) return undefined;
  const csv = await objects.read(telemetryName(runId));
  const summary = csv && summarise(telemetryOf(parseTelemetry(csv.text)));
  if (summary) return summary;
  const console = await objects.read(serialLogName(runId));
  return console && summarise(parseTelemetryLog(console.text));
}

/** How the VM came to be off, as far as it is known. */
function proofOf({ instance, now }: Observed, active: ActiveRun, run: RunFacts & { final: Final }): VmProof {
  if (!instance) return {};
  const { machineType } = instance;
  if (!isOff(instance.status)) return { machineType };
  const terminatedSeenAt = now.toISOString();
  const wasOn = active.startedSeq !== undefined || run.final.startedAt !== undefined || active.stopping;
  if (!wasOn) return { machineType, terminatedSeenAt };
  const lastSeconds = onSeconds(instance);
  const spotSeconds = (active.earlierSpotSeconds ?? 0) + (instance.isSpot ? lastSeconds : 0);
  return {
    machineType,
    onSeconds: Math.round(active.earlierOnSeconds + lastSeconds),
    ...(spotSeconds > 0 && { spotSeconds: Math.round(spotSeconds) }),
    stoppedBy: stopper(instance, active, run),
    terminatedSeenAt,
  };
}

function stopper(
  instance: InstanceFacts,
  active: ActiveRun,
  { spec, final }: RunFacts & { final: Final },
): VmProof['stoppedBy'] {
  if (active.stopping) return 'control-plane';
  if (onSeconds(instance) >= spec.maxSeconds + STOP_MARGIN) return 'max-run-duration';
  return final.exitCode === undefined ? 'unknown' : 'startup-script';
}

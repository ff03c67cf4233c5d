import { NotFoundError, PermissionError, TransientError } from '../errors.ts';
import { type ActiveRun, changeActive, type Slot } from '../model/slot.ts';
import type { RunSpec } from '../model/spec.ts';
import {
  type InstanceStatus,
  isOff,
  OUT_OF_STOCK,
  PASSING_FAILURES,
  type StartResult,
} from '../ports/instance.ts';
import { redact } from '../redact.ts';
import type { Dependencies } from './dependencies.ts';
import type { Observed } from './facts.ts';
import { callId } from './request-id.ts';
import { revoke } from './revoke.ts';
import { startBackoff } from './timeouts.ts';
import { holdMetadata, instanceTimeLimit, runsOnSpot, vmMetadata } from './vm-metadata.ts';

/**
 * Prepares the VM for the attempt, starts it and notes in the slot how that went. A passing fault throws; a refusal ends the run,
 * since trying again would not help.
 */
export async function startAttempt(
  deps: Dependencies,
  { slot, now, instance }: Observed,
  spec: RunSpec,
  swap: (next: Slot) => Promise<void>,
): Promise<void> {
  const { active } = slot;
  if (active?.runId !== spec.runId || !instance)
    throw new Error(`Run ${spec.runId} does not hold the slot of a readable VM.`);
  const { attempt, startSeq, stockOuts = 0 } = active;
  const wanted = [spec.machineType, ...spec.fallbackMachineTypes];
  const machineType = wanted[stockOuts % wanted.length] ?? spec.machineType;
  const result = await tryStart();
  if (result.started) return note((current) => ({ ...withoutDelay(current), startedSeq: startSeq }));
  const { error, message } = result;
  deps.log({ message: 'The VM did not start.', runId: spec.runId, error, detail: message });
  if (OUT_OF_STOCK.has(error) || PASSING_FAILURES.has(error))
    return note((current) => tryNext(current, wanted, error, now));
  // The attempt is taken back first: should the start have had an effect after all, its VM finds no work.
  const detail = redact(`${message} (${error})`);
  return revoke(deps, { runId: spec.runId, attempt, reason: 'start-failed', detail });

  async function tryStart(): Promise<StartResult> {
    try {
      await prepare();
      return await deps.instance.start(callId(spec.runId, attempt, startSeq));
    } catch (error) {
      if (error instanceof TransientError || !(error instanceof Error)) throw error;
      await checkStillOff(error);
      const code =
        error instanceof PermissionError
          ? 'PERMISSION_DENIED'
          : error instanceof NotFoundError
            ? 'NOT_FOUND'
            : 'REFUSED';
      return { started: false, error: code, message: error.message };
    }
  }

  async function prepare(): Promise<void> {
    const maxRunSeconds = instanceTimeLimit(spec);
    const isSpot = runsOnSpot(spec, attempt);
    if (machineType !== instance?.machineType) await deps.instance.setMachineType(machineType);
    if (maxRunSeconds !== instance?.maxRunSeconds || isSpot !== instance.isSpot)
      await deps.instance.setScheduling({ maxRunSeconds, isSpot });
    const { finishedTopic, objects } = deps;
    const metadata = vmMetadata(spec, attempt, { bucket: objects.bucket, finishedTopic });
    await deps.instance.setMetadata(
      { ...metadata, ...(instance && holdMetadata(instance)) },
      instance?.metadataVersion ?? '',
    );
  }

  /** Some changes are refused to a VM that is on. If somebody has just started it, that passes. Unknown is not off. */
  async function checkStillOff(cause: Error): Promise<void> {
    const status = await readStatus();
    if (status && isOff(status)) return;
    const change = status ? `was switched on meanwhile (${status})` : 'cannot be read any more';
    throw new TransientError(`The VM ${change}. Looked at again later.`, { cause });
  }

  /** Undefined: it is refused to the account, or gone, which the next observation sees as well. */
  async function readStatus(): Promise<InstanceStatus | undefined> {
    try {
      return (await deps.instance.read()).status;
    } catch (error) {
      if (error instanceof PermissionError || error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  function note(change: (active: ActiveRun) => ActiveRun): Promise<void> {
    return swap(changeActive(slot, spec.runId, change));
  }
}

/** The next machine type at once; after the last one a pause, and the first again. */
function tryNext(active: ActiveRun, wanted: string[], startError: string, now: Date): ActiveRun {
  const { retryAt: _, stockOuts: before = 0, ...rest } = active;
  const stockOuts = before + 1;
  const next = { ...rest, stockOuts, startError, startSeq: active.startSeq + 1 };
  if (stockOuts % wanted.length !== 0) return next;
  const pause = startBackoff(stockOuts / wanted.length);
  return { ...next, retryAt: new Date(now.getTime() + pause * 1000).toISOString() };
}

function withoutDelay({ retryAt: _, startError: __, ...active }: ActiveRun): ActiveRun {
  return active;
}

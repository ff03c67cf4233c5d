import { NotFoundError, PermissionError, TransientError } from '../errors.ts';
import { type ActiveRun, changeActive, type Slot } from '../model/slot.ts';
import type { RunSpec } from '../model/spec.ts';
import {
  type Instance,
  type InstanceFacts,
  type InstanceStatus,
  isOff,
  OUT_OF_STOCK,
  PASSING_FAILURES,
  PERMANENT_FAILURES,
  type StartResult,
} from '../ports/instance.ts';
import { redact } from '../redact.ts';
import type { Dependencies } from './dependencies.ts';
import type { Observed } from './facts.ts';
import { callId } from './request-id.ts';
import { revoke } from './revoke.ts';
import { MAX_UNKNOWN_FAILURES, startBackoff } from './timeouts.ts';
import { holdMetadata, instanceTimeLimit, runsOnSpot, vmMetadata } from './vm-metadata.ts';

type StartFailure = Extract<StartResult, { started: false }>;

/**
 * Prepares the VM for the attempt, starts it, and notes the result in the slot. Throws TransientError where the message should be
 * delivered again. A failure that only a person can repair ends the run.
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
  const { attempt, startSeq } = active;
  const note = (change: (current: ActiveRun) => ActiveRun) => swap(changeActive(slot, spec.runId, change));
  const result = await prepareAndStart(deps, instance, spec, active);
  if (result.started) return note((current) => ({ ...withoutDelay(current), startedSeq: startSeq }));
  const { error, message } = result;
  deps.log({ message: 'The VM did not start.', runId: spec.runId, error, detail: message });
  const kind = classifyStartFailure(error, active);
  if (kind !== 'permanent') return note((current) => tryNext(current, machineTypes(spec), error, kind, now));
  // The attempt is taken back first: should the start have had an effect after all, its VM finds no work.
  const detail = redact(`${message} (${error})`);
  return revoke(deps, { runId: spec.runId, attempt, reason: 'start-failed', detail });
}

async function prepareAndStart(
  deps: Dependencies,
  observed: InstanceFacts,
  spec: RunSpec,
  active: ActiveRun,
): Promise<StartResult> {
  try {
    await prepareVm(deps, observed, spec, active);
    return await deps.instance.start(callId(spec.runId, active.attempt, active.startSeq));
  } catch (error) {
    if (error instanceof TransientError || !(error instanceof Error)) throw error;
    await requireStillOff(deps.instance, error);
    return { started: false, error: codeOf(error), message: error.message };
  }
}

/** Metadata comes last: its fingerprint proves that no other attempt has been prepared since the instance was observed. */
async function prepareVm(
  { instance, finishedTopic, objects }: Dependencies,
  observed: InstanceFacts,
  spec: RunSpec,
  { attempt, stockOuts = 0 }: ActiveRun,
): Promise<void> {
  const wanted = machineTypes(spec);
  const machineType = wanted[stockOuts % wanted.length] ?? spec.machineType;
  const maxRunSeconds = instanceTimeLimit(spec);
  const isSpot = runsOnSpot(spec, attempt);
  if (machineType !== observed.machineType) await instance.setMachineType(machineType);
  if (maxRunSeconds !== observed.maxRunSeconds || isSpot !== observed.isSpot)
    await instance.setScheduling({ maxRunSeconds, isSpot });
  const metadata = vmMetadata(spec, attempt, { bucket: objects.bucket, finishedTopic });
  await instance.setMetadata({ ...metadata, ...holdMetadata(observed) }, observed.metadataVersion);
}

function machineTypes({ machineType, fallbackMachineTypes }: RunSpec): string[] {
  return [machineType, ...fallbackMachineTypes];
}

/** Some changes are refused to a VM that is on. If somebody has just started it, that passes. Unknown is not off. */
async function requireStillOff(instance: Instance, cause: Error): Promise<void> {
  const status = await readStatus(instance);
  if (status && isOff(status)) return;
  const change = status ? `was started by someone else (${status})` : 'cannot be read';
  throw new TransientError(`The VM ${change}. It will be checked again later.`, { cause });
}

/** Undefined: permission denied, or gone, which the next observation sees as well. */
async function readStatus(instance: Instance): Promise<InstanceStatus | undefined> {
  try {
    return (await instance.read()).status;
  } catch (error) {
    if (error instanceof PermissionError || error instanceof NotFoundError) return undefined;
    throw error;
  }
}

function codeOf(error: Error): string {
  if (error instanceof PermissionError) return 'PERMISSION_DENIED';
  return error instanceof NotFoundError ? 'NOT_FOUND' : 'REFUSED';
}

/** An unknown error counts as passing until it has come MAX_UNKNOWN_FAILURES times. */
function classifyStartFailure(
  error: StartFailure['error'],
  { unknownFailures = 0 }: ActiveRun,
): 'passing' | 'unknown' | 'permanent' {
  if (OUT_OF_STOCK.has(error) || PASSING_FAILURES.has(error)) return 'passing';
  if (PERMANENT_FAILURES.has(error) || unknownFailures + 1 >= MAX_UNKNOWN_FAILURES) return 'permanent';
  return 'unknown';
}

/** The next machine type at once; after the last one a pause, and the first again. */
function tryNext(
  active: ActiveRun,
  wanted: string[],
  startError: string,
  kind: 'passing' | 'unknown',
  now: Date,
): ActiveRun {
  const { retryAt: _, stockOuts: before = 0, unknownFailures = 0, ...rest } = active;
  const stockOuts = before + 1;
  const next = {
    ...rest,
    stockOuts,
    startError,
    startSeq: active.startSeq + 1,
    unknownFailures: unknownFailures + (kind === 'unknown' ? 1 : 0),
  };
  if (stockOuts % wanted.length !== 0) return next;
  const pause = startBackoff(stockOuts / wanted.length);
  return { ...next, retryAt: new Date(now.getTime() + pause * 1000).toISOString() };
}

function withoutDelay({ retryAt: _, startError: __, ...active }: ActiveRun): ActiveRun {
  return active;
}

import { packageName, resultsPrefix } from '../model/layout.ts';
import type { RunSpec } from '../model/spec.ts';
import type { InstanceFacts } from '../ports/instance.ts';
import { STOP_MARGIN } from './timeouts.ts';

/** Metadata keys of the VM (docs/reference/vm.md). */
export const metadataNames = { runId: 'RUN_ID', attempt: 'ATTEMPT', runSpec: 'RUN_SPEC' } as const;

const HEARTBEAT_SECONDS = 60;
const LOG_SECONDS = 5;
/** https://cloud.google.com/compute/docs/metadata/overview#custom_metadata: bytes of one value. */
export const MAX_METADATA_VALUE = 256 * 1024;

export interface VmLocation {
  bucket: string;
  /** `projects/P/topics/T`, where the VM reports. */
  finishedTopic: string;
}

/** Everything that the startup script reads for one attempt. */
export function vmMetadata(
  spec: RunSpec,
  attempt: number,
  { bucket, finishedTopic }: VmLocation,
): Record<string, string> {
  const { runId, target, params, source } = spec;
  const runSpec = {
    version: 1,
    runId,
    attempt,
    params,
    outputs: spec.outputs,
    provision: spec.provision,
    source: { sha256: source.sha256 },
    ...(spec.runAs && { runAs: spec.runAs }),
    ...(spec.state && { state: spec.state }),
    ...(spec.progress && { progress: spec.progress }),
    finishedTopic,
    maxSeconds: spec.maxSeconds,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    logSeconds: LOG_SECONDS,
  };
  return {
    RUN_ID: runId,
    ATTEMPT: String(attempt),
    BUCKET: bucket,
    SRC_TARBALL: `gs://${bucket}/${packageName(source.sha256)}`,
    RESULTS_PREFIX: `gs://${bucket}/${resultsPrefix(runId)}`,
    TARGET: target,
    THREADS: params.THREADS ?? '1',
    WORKERS: params.WORKERS ?? '',
    TELEMETRY_INTERVAL: String(spec.telemetryInterval),
    RUN_SPEC: JSON.stringify(runSpec),
  };
}

/** Compute Engine's largest maxRunDuration, 120 days. */
const MAX_RUN_DURATION = 120 * 86_400;

/** The instance's own limit for a run, in seconds. */
export function instanceTimeLimit({ maxSeconds }: RunSpec): number {
  return Math.min(maxSeconds + STOP_MARGIN, MAX_RUN_DURATION);
}

/** The last attempt of several is made on standard capacity, so that a run is not lost to preemptions alone. */
export function runsOnSpot({ provisioning, maxAttempts }: RunSpec, attempt: number): boolean {
  return provisioning === 'spot' && (attempt < maxAttempts || maxAttempts === 1);
}

/** What the guest sees of a hold, as it sees no labels. */
const HOLD = 'VICINITY_HOLD';
/** Its value where it follows from the label, and so ends with it. */
const BY_LABEL = 'label';

/** A person keeps the VM on: by the label `vicinity-hold=true`, or by a metadata value of their own. */
export function isHeld(instance: InstanceFacts): boolean {
  const value = instance.metadata[HOLD] ?? '';
  return hasHoldLabel(instance) || (value !== '' && value !== BY_LABEL);
}

/** Tells the guest of the label, or that it is gone. A person's own value stays. */
export function holdMetadata(instance: InstanceFacts): Record<string, string> {
  const value = instance.metadata[HOLD] ?? '';
  if (hasHoldLabel(instance)) return value === '' ? { [HOLD]: BY_LABEL } : {};
  return value === BY_LABEL ? { [HOLD]: '' } : {};
}

function hasHoldLabel({ labels }: InstanceFacts): boolean {
  return labels['vicinity-hold'] === 'true';
}

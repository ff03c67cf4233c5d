import { z } from 'zod';
import { costSchema } from '../pricing/run-cost.ts';
import { type Heartbeat, progressSchema, reportedSchema } from './attempt.ts';
import { estimateEnd, estimateSchema } from './estimate.ts';
import type { Final } from './final.ts';
import { finalSchema, TERMINAL_STATUSES } from './final.ts';
import { resultsPrefix } from './layout.ts';
import { type ActiveRun, queuePosition, type Slot } from './slot.ts';
import type { RunSpec } from './spec.ts';

const vm = z.object({
  instance: z.string(),
  zone: z.string(),
  machineType: z.string().optional(),
  /** Of all attempts. */
  onSeconds: z.number().optional(),
  /** Of that, on Spot capacity. */
  spotSeconds: z.number().optional(),
  stoppedBy: z.enum(['startup-script', 'max-run-duration', 'control-plane', 'unknown']).optional(),
  /** When the control plane saw that the VM is off. */
  terminatedSeenAt: z.string().optional(),
});

/** `runs/<runId>/status.json`: where a run stands, for people and programs. A field not known yet is absent. */
export const statusSchema = z.object({
  runId: z.string(),
  target: z.string(),
  status: z.enum(['queued', 'starting', 'running', ...TERMINAL_STATUSES]),
  verdict: finalSchema.shape.verdict.optional(),
  attempt: z.number().optional(),
  queuePosition: z.number().optional(),
  source: z.object({ sha256: z.string(), commit: z.string().optional(), dirty: z.boolean().optional() }),
  params: z.record(z.string(), z.string()),
  requestedBy: z.string().optional(),
  requestedAt: z.string(),
  resultsPrefix: z.string(),
  vm,
  cost: costSchema.optional(),
  reason: z.string().optional(),
  progress: progressSchema.optional(),
  /** When the run is expected to end, while it goes on. */
  estimate: estimateSchema.optional(),
  finishedAt: z.string().optional(),
  ...reportedSchema.partial().shape,
});
export type Status = z.output<typeof statusSchema>;
export type VmProof = Partial<Status['vm']>;

export interface Location {
  bucket: string;
  instance: string;
  zone: string;
}

/** What is known of a run that is not finished. */
export interface Unfinished {
  slot: Slot;
  /** Time of the VM's claim on the current attempt, where it holds one. */
  claimedAt?: string;
  heartbeat?: Heartbeat;
}

export function unfinishedStatus(spec: RunSpec, location: Location, known: Unfinished): Status {
  const { slot, claimedAt, heartbeat } = known;
  const active = slot.active?.runId === spec.runId ? slot.active : undefined;
  const position = queuePosition(slot, spec.runId);
  return {
    ...header(spec, location),
    status: active ? (claimedAt ? 'running' : 'starting') : 'queued',
    ...(active && { attempt: active.attempt }),
    ...(position !== undefined && { queuePosition: position }),
    ...(claimedAt && { startedAt: claimedAt, ...live(spec, claimedAt, heartbeat) }),
    ...waitReason(active),
  };
}

/** What the VM's last sign of life tells of a run that it works on. Depends on nothing else, least of all on the time now. */
export function live(
  { baseline }: Pick<RunSpec, 'baseline'>,
  claimedAt: string,
  heartbeat: Heartbeat | undefined,
): Pick<Status, 'phase' | 'progress' | 'estimate'> {
  const estimate = estimateEnd(baseline?.phases, claimedAt, heartbeat);
  return {
    ...(heartbeat && { phase: heartbeat.phase }),
    ...(heartbeat?.progress && { progress: heartbeat.progress }),
    ...(estimate && { estimate }),
  };
}

export function finishedStatus(spec: RunSpec, location: Location, final: Final, proof: VmProof): Status {
  const { runId: _, ...outcome } = final;
  const head = header(spec, location);
  return { ...head, ...outcome, vm: { ...head.vm, ...proof } };
}

export function isFinished({ status }: Pick<Status, 'status'>): boolean {
  return TERMINAL_STATUSES.some((terminal) => terminal === status);
}

function header(spec: RunSpec, { bucket, instance, zone }: Location) {
  return {
    runId: spec.runId,
    target: spec.target,
    source: spec.source,
    params: spec.params,
    ...(spec.requestedBy && { requestedBy: spec.requestedBy }),
    requestedAt: spec.requestedAt,
    resultsPrefix: `gs://${bucket}/${resultsPrefix(spec.runId)}`,
    vm: { instance, zone, machineType: spec.machineType },
  };
}

function waitReason(active: ActiveRun | undefined): { reason?: string } {
  if (active?.stopping) return { reason: `The VM is being stopped (${active.stopping.reason}).` };
  if (active?.retryAt)
    return { reason: `The start failed (${active.startError}); tried again after ${active.retryAt}.` };
  return {};
}

import { z } from 'zod';

/** A decision to end the attempt from outside; written before the VM is notified, so that whoever comes next knows why it is off. */
const stopping = z.object({
  reason: z.enum(['cancelled', 'timed-out', 'boot-timeout', 'silent', 'overdue']),
  since: z.string(),
  /** When the VM was last asked. */
  askedAt: z.string().optional(),
});

const active = z.object({
  runId: z.string(),
  attempt: z.number(),
  /** Number of the start call within the attempt; part of the call's request id. A deliberate restart takes the next one. */
  startSeq: z.number(),
  /** The start call whose operation was seen done. */
  startedSeq: z.number().optional(),
  /** Since when the run holds the slot, and since when this attempt. RFC 3339. */
  since: z.string(),
  attemptSince: z.string(),
  /** The VM's last heartbeat, when it was looked at, and how many looks have found it unchanged. */
  liveness: z.object({ at: z.string(), lookedAt: z.string(), missedHeartbeats: z.number() }).optional(),
  /** Starts that failed for a reason that passes: mostly that the zone had no such machine. */
  stockOuts: z.number().optional(),
  /** Of those, starts that failed with an error that the control plane does not know. */
  unknownFailures: z.number().optional(),
  /** After such a failure: not before this time. */
  retryAt: z.string().optional(),
  /** Why the last start failed. */
  startError: z.string().optional(),
  /** Why there is a further attempt. */
  retryReason: z.string().optional(),
  stopping: stopping.optional(),
  /** How long the VM was on in earlier attempts. */
  earlierOnSeconds: z.number(),
  /** Of that, on Spot capacity. */
  earlierSpotSeconds: z.number().optional(),
});

const queued = z.object({
  runId: z.string(),
  since: z.string(),
  /** The run ends here, in the queue. Written before final.json, so that nobody starts it meanwhile. */
  ending: z.object({ status: z.enum(['cancelled', 'expired']), reason: z.string() }).optional(),
});

const orphan = z.object({
  /** Its start, which tells one orphan VM from the next. */
  startedAt: z.string(),
  since: z.string(),
  /** When somebody last began to tell people of it. */
  notifyingAt: z.string().optional(),
  notified: z.boolean(),
  askedAt: z.string().optional(),
});

/** `control/<instance>.json`: who may use the VM, and who waits. One object, because Cloud Storage changes one atomically. */
export const slotSchema = z.object({
  /** Counts activations. */
  epoch: z.number(),
  active: active.optional(),
  queue: z.array(queued),
  /** A VM that is on without a run. */
  orphan: orphan.optional(),
  /** Request id of a stop call that may be under way: it has no answer yet. */
  pendingStop: z.string().optional(),
});

export type Slot = z.output<typeof slotSchema>;
export type ActiveRun = z.output<typeof active>;
export type QueuedRun = z.output<typeof queued>;
export type Ending = NonNullable<QueuedRun['ending']>;
export type Orphan = z.output<typeof orphan>;
export type StopReason = z.output<typeof stopping>['reason'];

export const EMPTY_SLOT: Slot = { epoch: 0, queue: [] };

/** What a change to the slot is made of. Each returns the slot unchanged where it no longer applies. */
export function enqueue(slot: Slot, runId: string, now: Date): Slot {
  if (holds(slot, runId)) return slot;
  return { ...slot, queue: [...slot.queue, { runId, since: now.toISOString() }] };
}

export function dequeue(slot: Slot, runId: string): Slot {
  return { ...slot, queue: slot.queue.filter((entry) => entry.runId !== runId) };
}

/** Decides that a waiting run ends in the queue. */
export function endQueued(slot: Slot, runId: string, ending: Ending): Slot {
  return {
    ...slot,
    queue: slot.queue.map((entry) => (entry.runId === runId ? { ...entry, ending } : entry)),
  };
}

/** Gives the slot to the head of the queue. */
export function activateNext(slot: Slot, now: Date): Slot {
  const [head, ...queue] = slot.queue;
  if (slot.active || !head || head.ending) return slot;
  const at = now.toISOString();
  const active = {
    runId: head.runId,
    attempt: 1,
    startSeq: 1,
    since: at,
    attemptSince: at,
    earlierOnSeconds: 0,
  };
  return { ...slot, epoch: slot.epoch + 1, active, queue };
}

/** Changes the active run's entry, only if it still is this run's. */
export function changeActive(slot: Slot, runId: string, change: (active: ActiveRun) => ActiveRun): Slot {
  return slot.active?.runId === runId ? { ...slot, active: change(slot.active) } : slot;
}

/** The next attempt of the active run, after one that ended for `retryReason` and had the VM on for so long. */
export function nextAttempt(
  active: ActiveRun,
  retryReason: string,
  on: { seconds: number; isSpot: boolean },
  now: Date,
): ActiveRun {
  const { runId, since, earlierOnSeconds, earlierSpotSeconds = 0, attempt } = active;
  const spotSeconds = earlierSpotSeconds + (on.isSpot ? on.seconds : 0);
  return {
    runId,
    since,
    attempt: attempt + 1,
    retryReason,
    startSeq: 1,
    attemptSince: now.toISOString(),
    earlierOnSeconds: earlierOnSeconds + on.seconds,
    ...(spotSeconds > 0 && { earlierSpotSeconds: spotSeconds }),
  };
}

/** The stop call is answered, or was repeated while the VM is off: it can have no later effect. */
export function withoutPendingStop({ pendingStop: _, ...slot }: Slot): Slot {
  return slot;
}

export function release(slot: Slot, runId: string): Slot {
  if (slot.active?.runId !== runId) return slot;
  const { active: _, ...rest } = slot;
  return rest;
}

export function holds(slot: Slot, runId: string): boolean {
  return slot.active?.runId === runId || slot.queue.some((entry) => entry.runId === runId);
}

/** 1 for the next to start; undefined where the run does not wait. */
export function queuePosition(slot: Slot, runId: string): number | undefined {
  const index = slot.queue.findIndex((entry) => entry.runId === runId);
  return index < 0 ? undefined : index + 1;
}

import { z } from 'zod';

/** `attempt-<n>/claim.json`: by a booted VM, or by the control plane, which thereby revokes the attempt. */
export const claimSchema = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('vm'),
    bootId: z.string(),
    instance: z.string().optional(),
    claimedAt: z.string().optional(),
  }),
  z.object({
    by: z.literal('control-plane'),
    revoked: z.literal(true),
    reason: z.string(),
    detail: z.string().optional(),
    at: z.string(),
  }),
]);
export type Claim = z.output<typeof claimSchema>;

/** How far the job is, by its log. `at`: when it came so far; its pace counts from `sinceFraction` at `since`. */
export const progressSchema = z.object({
  fraction: z.number(),
  done: z.number().optional(),
  total: z.number().optional(),
  at: z.string(),
  since: z.string(),
  sinceFraction: z.number(),
});
export type Progress = z.output<typeof progressSchema>;

/** `attempt-<n>/heartbeat.json`. */
export const heartbeatSchema = z.object({
  at: z.string(),
  bootId: z.string(),
  phase: z.string(),
  phaseStartedAt: z.string().optional(),
  logBytes: z.number().optional(),
  progress: progressSchema.optional(),
});
export type Heartbeat = z.output<typeof heartbeatSchema>;

export const phaseSchema = z.object({ name: z.string(), seconds: z.number() });
export type Phase = z.output<typeof phaseSchema>;

const output = z.object({ path: z.string(), objects: z.number(), bytes: z.number() });

/** What became of the state that is carried. `name`s are of objects. */
const stateReportSchema = z.object({
  restored: z
    .object({
      /** Absent where nothing was restored; `note` says why. */
      from: z.string(),
      runId: z.string(),
      attempt: z.number(),
      at: z.string(),
      files: z.number(),
      bytes: z.number(),
      note: z.string(),
    })
    .partial()
    .optional(),
  saved: z.object({ name: z.string(), files: z.number(), bytes: z.number() }).optional(),
});

/**
 * Why an attempt ended, as the VM saw it: `exit` (make ended by itself, with `exitCode`), `time-limit` (maxSeconds), `memory` (the
 * kernel killed processes), `disk` (full), `metadata` (unusable), `source` (the package or an input cannot be fetched),
 * `provisioning`, `upload`, or `script` (an unexpected failure of the startup script). A VM that is stopped from outside reports
 * no outcome, so `cancelled` is a status and never a cause.
 */
export const causeSchema = z.enum([
  'exit',
  'time-limit',
  'memory',
  'disk',
  'metadata',
  'source',
  'provisioning',
  'upload',
  'script',
]);
export type Cause = z.output<typeof causeSchema>;

/** `attempt-<n>/outcome.json`: the truth about an attempt, written by the VM before it publishes. */
export const outcomeSchema = z.object({
  runId: z.string(),
  attempt: z.number(),
  bootId: z.string(),
  outcome: z.enum(['succeeded', 'failed']),
  /** An earlier startup script reports no cause: its outcomes are make's. */
  cause: causeSchema.default('exit'),
  /** The cause says what ended the attempt: 124 may be a program's own exit code. */
  exitCode: z.number(),
  phase: z.string(),
  reason: z.string().optional(),
  startedAt: z.string(),
  finishedAt: z.string(),
  phases: z.array(phaseSchema),
  outputs: z.array(output),
  /** Outputs whose files are all as they were before the job started: it made none of them. */
  untouched: z.array(z.string()).optional(),
  /** Every object uploaded under results/<runId>/, as the server confirmed it. */
  manifest: z.array(z.object({ name: z.string(), bytes: z.number(), crc32c: z.string() })),
  warnings: z.number(),
  errors: z.number(),
  state: stateReportSchema.optional(),
  /** Programs that ran as part of the run, by their hashes. */
  executed: z.array(z.object({ name: z.string(), sha256: z.string() })).optional(),
  /** Who the job was, and whether it could ask the metadata server for tokens. */
  job: z.object({ user: z.string(), metadataServer: z.enum(['open', 'closed']) }).optional(),
  /** The value of WORKERS that make was given. */
  workers: z.number().optional(),
  vcpus: z.number().optional(),
  memoryBytes: z.number().optional(),
});
export type Outcome = z.output<typeof outcomeSchema>;

/** What final.json and status.json take over from an outcome. */
export const reportedSchema = outcomeSchema
  .pick({
    startedAt: true,
    exitCode: true,
    phase: true,
    phases: true,
    outputs: true,
    untouched: true,
    warnings: true,
    errors: true,
    state: true,
    workers: true,
  })
  .extend({ cause: causeSchema });

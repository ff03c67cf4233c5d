import { z } from 'zod';
import { phaseSchema } from './attempt.ts';

const source = z.object({
  sha256: z.string(),
  commit: z.string().optional(),
  dirty: z.boolean().optional(),
});

/** `runs/<runId>/spec.json`: a request as accepted. Everything that the run needs is settled here, once. */
export const specSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  /** Identity of the request (see triggerOf). */
  trigger: z.string(),
  messageId: z.string(),
  target: z.string(),
  source,
  params: z.record(z.string(), z.string()),
  outputs: z.array(z.string()),
  provision: z.object({
    apt: z.array(z.string()),
    pythonRequirements: z.string().optional(),
    rust: z.string().optional(),
    rustup: z.object({ version: z.string(), sha256: z.string() }).optional(),
    native: z.string().optional(),
    files: z
      .array(z.object({ url: z.string(), sha256: z.string(), programs: z.array(z.string()) }))
      .optional(),
    script: z.string().optional(),
  }),
  /** Absent: user. */
  runAs: z.enum(['user', 'root']).optional(),
  /** What is carried from run to run, and how often it is saved meanwhile. Absent: every run begins clean. */
  state: z.object({ paths: z.array(z.string()), checkpointSeconds: z.number() }).optional(),
  /** Finds progress in build.log. */
  progress: z.string().optional(),
  /** The target's last good run, when this one was asked for: how long its phases took. */
  baseline: z.object({ runId: z.string(), phases: z.array(phaseSchema) }).optional(),
  machineType: z.string(),
  /** Absent: standard. */
  provisioning: z.enum(['standard', 'spot']).optional(),
  /** Tried in this order where the zone has no machine of the type before. */
  fallbackMachineTypes: z.array(z.string()),
  maxSeconds: z.number(),
  maxAttempts: z.number(),
  maxAgeSeconds: z.number(),
  startWithinSeconds: z.number(),
  telemetryInterval: z.number(),
  onBusy: z.enum(['queue', 'skip']),
  /** Absent: people are not told of the start. */
  tellStart: z.literal(true).optional(),
  requestedBy: z.string().optional(),
  /** When the request was published. RFC 3339. */
  requestedAt: z.string(),
});

export type RunSpec = z.output<typeof specSchema>;

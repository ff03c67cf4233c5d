import { z } from 'zod';

/** What the commands around a deployment print as JSON. */

const resource = z.object({ kind: z.string(), name: z.string() });

const difference = z.object({
  path: z.string(),
  from: z.json().optional().describe('Absent: there is no such property.'),
  to: z.json(),
});

export const plan = z.object({
  project: z.string(),
  zone: z.string(),
  create: z.number(),
  update: z.number(),
  none: z.number().describe('Resources that are as they should be.'),
  changes: z.array(
    resource.extend({
      action: z.enum(['create', 'update']),
      why: z.string(),
      differences: z.array(difference),
      notes: z.array(z.string()).describe('What apply keeps, and what it replaces for good.'),
    }),
  ),
});

export const apply = z.object({
  resources: z.number(),
  changed: z.array(resource.extend({ action: z.enum(['create', 'update']) })),
});

export const secret = z.object({
  secret: z.string().describe('Its name in Secret Manager; never its value.'),
});

export const destroy = z.object({ removed: z.array(resource) });

const fine = z.object({
  subject: z.string(),
  fine: z.string(),
  value: z.record(z.string(), z.number()).optional(),
});
const problem = z.object({
  subject: z.string(),
  problem: z.string(),
  remedy: z.string().describe('The command that mends it or tells more, or what to do.'),
});

export const findings = z.object({ ok: z.boolean(), findings: z.array(z.union([fine, problem])) });

const missingJob = z.object({ job: z.string(), exists: z.literal(false) });
const existingJob = z.object({
  job: z.string(),
  exists: z.literal(true),
  cron: z.string(),
  timeZone: z.string(),
  isPaused: z.boolean(),
  lastAttemptAt: z.string().optional(),
  lastError: z.string().optional(),
  next: z.array(z.string()).describe('Its next firings, RFC 3339; none while it is paused.'),
});

export const job = z.union([existingJob, missingJob]);

export const jobs = z.array(job);

import { z } from 'zod';
import { reportedSchema } from './attempt.ts';

export const TERMINAL_STATUSES = [
  'succeeded',
  'failed',
  'cancelled',
  'timed-out',
  'lost',
  'start-failed',
  'expired',
] as const;

/** `runs/<runId>/final.json`: the terminal state, created once. */
export const finalSchema = z.object({
  runId: z.string(),
  status: z.enum(TERMINAL_STATUSES),
  verdict: z.enum(['ok', 'suspect', 'failed']),
  /** 0 where no attempt was ever made. */
  attempt: z.number(),
  finishedAt: z.string(),
  /** Why, in words, where the verdict is not ok. */
  reason: z.string().optional(),
  ...reportedSchema.partial().shape,
});
export type Final = z.output<typeof finalSchema>;

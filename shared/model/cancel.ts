import { z } from 'zod';

/** `runs/<runId>/cancel.json`. */
export const cancelSchema = z.object({ requestedAt: z.string(), requestedBy: z.string().optional() });
export type Cancel = z.output<typeof cancelSchema>;

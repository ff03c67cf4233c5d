import { z } from 'zod';

/** `results/latest.json`: the last good run of each target, and the one before it. */
export const latestResultsSchema = z.record(
  z.string(),
  z.looseObject({ runId: z.string(), before: z.string().optional() }),
);

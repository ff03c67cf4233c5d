import { z } from 'zod';

/** A message that asks a function whether it works: published on any of the topics, answered in the bucket, told to nobody. */
export const canarySchema = z.strictObject({
  action: z.literal('canary'),
  id: z.string().regex(/^[0-9a-f-]{8,64}$/),
});

/** `canary/<id>/<function>.json`: the message came through, and what the function can reach. */
export const canaryAnswerSchema = z.object({
  function: z.string(),
  at: z.string(),
  /** Its status, or why it cannot be read. */
  instance: z.string(),
  webhook: z.enum(['present', 'absent']),
});
export type CanaryAnswer = z.output<typeof canaryAnswerSchema>;

export const canaryName = (id: string, functionName: string) => `canary/${id}/${functionName}.json`;

import { z } from 'zod';

/** A refused request, `rejected/<messageId>.json`. Times in RFC 3339. */
export const rejectedSchema = z.object({
  messageId: z.string(),
  publishedAt: z.string(),
  rejectedAt: z.string(),
  faults: z.array(z.object({ field: z.string(), problem: z.string(), remedy: z.string() })),
  /** The request as it came, cut short. */
  request: z.string(),
  /** Slack accepted the notification, or refused it for good. */
  notified: z.boolean(),
});
export type Rejected = z.output<typeof rejectedSchema>;

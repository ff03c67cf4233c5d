import { z } from 'zod';

/** `requests/<hash>.json`: when a client's request id was first seen, and, for the client, which run it became. */
export const requestIndexSchema = z.object({ at: z.string(), runId: z.string().optional() });

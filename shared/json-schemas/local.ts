import { z } from 'zod';

/** What the local cloud prints as JSON. */

const texts = z.record(z.string(), z.string());

export const localUp = z.object({
  pid: z.number(),
  endpoints: texts.optional().describe('Absent while it is still starting, and so is what follows.'),
  env: texts.optional().describe('For clients on this computer.'),
  pipeline: z.string().optional().describe('Folder of the pipeline that it serves.'),
  empty: z.boolean().optional(),
  iam: z.boolean().optional().describe('It enforces permissions.'),
  vm: z.enum(['process', 'nspawn']).optional().describe('How its VM runs.'),
  dashboard: z.string().optional().describe('Address; absent where it did not start.'),
});

export const localEnv = texts;

export const localDown = z.object({
  ended: z.boolean(),
  pid: z.number().optional(),
  state: z.string().describe('Its state directory, which is kept.'),
});

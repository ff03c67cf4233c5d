import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requestIndexSchema } from '../shared/intake/request-index.ts';
import { rejectedName, requestName } from '../shared/model/layout.ts';
import { sha256 } from '../shared/model/message.ts';
import { rejectedSchema } from '../shared/model/rejected.ts';
import { parseRequest } from '../shared/model/request.ts';
import { readDocument } from '../shared/records/documents.ts';
import { type Reply, refuse } from './http/reply.ts';
import type { Source } from './source.ts';

/** A published request, with what is needed to ask for its result. */
export interface Asked {
  requestId: string;
  messageId: string;
}

/** Publishes a request under a random id, with which the page then polls for the result. */
export async function ask(source: Source, wanted: object): Promise<Reply> {
  const requestId = randomUUID();
  const data = JSON.stringify({ ...wanted, requestId, requestedBy: source.user });
  const parsed = parseRequest({ messageId: '', publishedAt: '', data, attributes: {} });
  if ('issues' in parsed)
    return { status: 400, body: { error: 'The request is invalid.', issues: parsed.issues } };
  const messageId = await source.publish({ data });
  return { status: 202, body: { requestId, messageId } satisfies Asked };
}

const faultsSchema = rejectedSchema.pick({ faults: true });

/** The result of a request: its run id, the issues of a refusal, or nothing yet. */
export async function answerTo({ objects }: Source, requestId: string, messageId: string): Promise<Reply> {
  const [index, rejected] = await Promise.all([
    readDocument(objects, requestName(sha256(requestId)), requestIndexSchema),
    /^\w+$/.test(messageId) ? readDocument(objects, rejectedName(messageId), faultsSchema) : undefined,
  ]);
  if (rejected) return { status: 400, body: { error: 'The request was refused.', issues: rejected.faults } };
  return { body: { ...(index?.runId && { runId: index.runId }) } };
}

const wantedSchema = z.strictObject({
  target: z.string().optional(),
  params: z.record(z.string(), z.string()).optional(),
  machineType: z.string().optional(),
  source: z.string().optional(),
});

/** Starts a run from the form of the page. */
export async function askForRun(source: Source, body: unknown): Promise<Reply> {
  const wanted = wantedSchema.safeParse(body);
  if (!wanted.success) return refuse(400, `The form is invalid: ${wanted.error.issues[0]?.message}`);
  return ask(source, wanted.data);
}

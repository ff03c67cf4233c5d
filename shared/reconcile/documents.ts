import type { z } from 'zod';
import type { ObjectStore } from '../ports/objects.ts';

/** A JSON object of the bucket as its schema describes it, or undefined where there is none. Malformed: an error that names it. */
export async function readDocument<S extends z.ZodType>(
  objects: ObjectStore,
  name: string,
  schema: S,
): Promise<z.output<S> | undefined> {
  const stored = await objects.read(name);
  return stored && parseDocument(objects, name, stored.text, schema);
}

export function parseDocument<S extends z.ZodType>(
  { bucket }: ObjectStore,
  name: string,
  text: string,
  schema: S,
): z.output<S> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ');
  throw new MalformedDocumentError(`gs://${bucket}/${name} is not what it should be: ${problem}`);
}

export class MalformedDocumentError extends Error {
  override readonly name = 'MalformedDocumentError';
}

export function toText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Undefined for what is no JSON: every schema refuses it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

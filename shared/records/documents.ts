import type { z } from 'zod';
import { triedAgainLater } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import type { ObjectStore, StoredText } from '../ports/objects.ts';

/** Writers that overtake each other so often within one call are no coincidence. */
const TRIES = 5;

/** A JSON object of the bucket as its schema describes it, or undefined where there is none. Malformed: an error that names it. */
export async function readDocument<S extends z.ZodType>(
  objects: ObjectStore,
  name: string,
  schema: S,
): Promise<z.output<S> | undefined> {
  const stored = await objects.read(name);
  return stored && parseDocument(objects, name, stored, schema);
}

/** As readDocument, but what is malformed is as good as nothing: for what only informs. */
export async function readIfValid<S extends z.ZodType>(
  objects: ObjectStore,
  name: string,
  schema: S,
): Promise<z.output<S> | undefined> {
  const stored = await objects.read(name);
  return stored && schema.safeParse(parseJson(stored.text)).data;
}

/**
 * Changes a document that follows from others by compare-and-set; `change` gives undefined where there is nothing to change. What is
 * malformed is as good as nothing, and so written anew. Throws TransientError where others change it all the time.
 */
export async function changeDocument<S extends z.ZodType>(
  objects: ObjectStore,
  name: string,
  schema: S,
  change: (current: z.output<S> | undefined) => object | undefined,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await objects.read(name);
    const next = change(stored && schema.safeParse(parseJson(stored.text)).data);
    if (!next) return;
    const written = stored
      ? (await objects.replace(name, toText(next), stored.generation)) === 'replaced'
      : (await objects.create(name, toText(next))) === 'created';
    if (written) return;
  }
  throw triedAgainLater(`gs://${objects.bucket}/${name} is being changed by others all the time.`);
}

export function parseDocument<S extends z.ZodType>(
  { bucket }: ObjectStore,
  name: string,
  { text, generation }: StoredText,
  schema: S,
): z.output<S> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim());
  throw new MalformedDocumentError({
    object: `gs://${bucket}/${name}`,
    generation,
    problem: issues.join('; '),
  });
}

/** An object that does not match its schema. */
export interface Damage {
  /** `gs://bucket/name`. */
  object: string;
  generation: string;
  /** What the schema says of it. */
  problem: string;
}

export class MalformedDocumentError extends Error {
  override readonly name = 'MalformedDocumentError';
  readonly damage: Damage;

  constructor(damage: Damage) {
    super(describeDamage(damage));
    this.damage = damage;
  }
}

export function describeDamage({ object, problem }: Damage): string {
  return `${object} does not match its schema: ${problem}`;
}

/** Resolves to what `instead` makes of the damage where a document is malformed. */
export async function orIfMalformed<T>(
  reading: Promise<T>,
  instead: (damage: Damage) => T | Promise<T>,
): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof MalformedDocumentError) return instead(error.damage);
    throw error;
  }
}

export function toText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

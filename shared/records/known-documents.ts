import type { z } from 'zod';
import type { ObjectInfo, ObjectStore } from '../ports/objects.ts';
import { parseDocument } from './documents.ts';

/** Documents as one pass of the control loop has read them. A listing shows which have changed; only those are read again. */
export class KnownDocuments {
  readonly #objects: ObjectStore;
  readonly #known = new Map<string, { generation: string; document: unknown }>();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** The document that was listed, or undefined where none was, or it is gone. Malformed: an error that names it. */
  async read<S extends z.ZodType>(
    listed: ObjectInfo | undefined,
    schema: S,
  ): Promise<z.output<S> | undefined> {
    if (!listed) return undefined;
    const { name } = listed;
    const known = this.#known.get(name);
    if (known?.generation === listed.generation) return known.document as z.output<S>;
    const stored = await this.#objects.read(name);
    if (!stored) return undefined;
    const document = parseDocument(this.#objects, name, stored, schema);
    this.#known.set(name, { generation: stored.generation, document });
    return document;
  }
}

import type { Readable } from 'node:stream';
import { invalid } from '../../http/api-error.ts';
import { type Preconditions, requirePreconditions } from '../checks/preconditions.ts';
import type { Content } from './content.ts';
import type { Destination, Objects } from './objects.ts';
import type { ObjectRecord } from './records.ts';

/** One source of a composition: an object of the destination's bucket. */
export interface Component {
  name: string;
  generation?: string;
  preconditions: Preconditions;
}

const MAX_COMPONENTS = 32;

/** Joins up to 32 objects into one, in their order. Throws 400, 404 or 412. */
export async function compose(
  objects: Objects,
  content: Content,
  components: Component[],
  to: Destination,
): Promise<ObjectRecord> {
  requireCount(components.length);
  const sources = components.map((component) => {
    const source = objects.get(to.bucket, component.name, component.generation);
    requirePreconditions(component.preconditions, source);
    return source;
  });
  const staged = content.incoming();
  try {
    await staged.receive(bytesOf(sources.map((source) => objects.read(source))));
    const componentCount = sources.reduce((sum, source) => sum + (source.componentCount ?? 1), 0);
    return objects.insert(to, staged, { componentCount });
  } catch (error) {
    staged.discard();
    throw error;
  }
}

/** All parts, one after the other; ends those that are streams, also when it is left early. */
async function* bytesOf(parts: (Buffer | Readable)[]): AsyncGenerator<Buffer> {
  try {
    for (const part of parts) {
      if (Buffer.isBuffer(part)) yield part;
      else yield* part as AsyncIterable<Buffer>;
    }
  } finally {
    for (const part of parts) if (!Buffer.isBuffer(part)) part.destroy();
  }
}

function requireCount(count: number): void {
  if (count === 0) throw invalid('You must provide at least one source component.');
  if (count > MAX_COMPONENTS) {
    throw invalid(
      `The number of source components provided (${count}) exceeds the maximum (${MAX_COMPONENTS}).`,
    );
  }
}

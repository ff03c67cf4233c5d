import type { ReadText } from '../../shared/history/runs.ts';
import type { FileStore } from '../../shared/ports/files.ts';

/** Reads a whole object by one request. */
export function readerOf(objects: FileStore): ReadText {
  return async (name) => (await objects.readFrom(name, 0))?.toString('utf8');
}

import { randomUUID } from 'node:crypto';
import { createReadStream, linkSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange } from '../checks/range.ts';
import { INLINE_BYTES, Staged } from './staged.ts';

const READ_CHUNK_BYTES = 1 << 20;

/**
 * The files with the bytes of larger objects, one for each generation, written once and never changed. Bytes that are
 * still arriving wait in `incoming/` (of a resumable upload: in `sessions/`, where a restart finds them) and are then
 * linked to their place.
 */
export class Content {
  readonly #objects: string;
  readonly #incoming: string;
  readonly #sessions: string;

  constructor(directory: string) {
    this.#objects = join(directory, 'objects');
    this.#incoming = join(directory, 'incoming');
    this.#sessions = join(directory, 'sessions');
    rmSync(this.#incoming, { recursive: true, force: true });
    for (const path of [this.#objects, this.#incoming, this.#sessions]) mkdirSync(path, { recursive: true });
  }

  /** Removes the files that no object refers to: those of a process killed between a link and its record. */
  removeOrphans(kept: Set<string>): void {
    for (const generation of readdirSync(this.#objects)) {
      if (!kept.has(generation)) this.remove(generation);
    }
  }

  path(generation: string): string {
    return join(this.#objects, generation);
  }

  /** Opens at once, so that the bytes stay readable when the object is replaced meanwhile. */
  read(generation: string, { start, end }: ByteRange): Readable {
    const fd = openSync(this.path(generation), 'r');
    return createReadStream('', { fd, start, end: end - 1, highWaterMark: READ_CHUNK_BYTES });
  }

  /** Makes the bytes of a file here also the content of `generation`, without copying them. */
  link(path: string, generation: string): void {
    linkSync(path, this.path(generation));
  }

  remove(generation: string): void {
    rmSync(this.path(generation), { force: true });
  }

  incoming(): Staged {
    return new Staged(join(this.#incoming, randomUUID()), INLINE_BYTES);
  }

  sessionPath(id: string): string {
    return join(this.#sessions, id);
  }
}

/** Bytes in a file; 0 when there is none yet. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

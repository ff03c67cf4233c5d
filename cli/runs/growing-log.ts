import type { FileStore } from '../../shared/ports/files.ts';

const NEWLINE = 0x0a;
/** Progress bars end their lines with it. */
const CARRIAGE_RETURN = 0x0d;
/** A log may be larger than the memory. */
const MAX_BYTES = 8 * 1024 * 1024;

/** A log object that grows while the run is active, read in parts. */
export class GrowingLog {
  readonly #objects: FileStore;
  readonly #name: string;
  #offset = 0;
  #generation = '';

  constructor(objects: FileStore, name: string) {
    this.#objects = objects;
    this.#name = name;
  }

  /** The complete lines added since the last call, in parts; none while the object is unchanged or does not exist. */
  async *lines(): AsyncGenerator<Buffer> {
    const info = await this.#objects.stat(this.#name);
    if (!info || info.generation === this.#generation) return;
    // Another attempt of the run started the log again.
    if (info.bytes < this.#offset) this.#offset = 0;
    yield* this.#parts(wholeLines);
    this.#generation = info.generation;
  }

  /** The remaining text, once the log is complete. */
  async *rest(): AsyncGenerator<Buffer> {
    yield* this.lines();
    yield* this.#parts((bytes) => bytes);
  }

  /** The new bytes that `usable` accepts; a line longer than a part is returned in pieces. */
  async *#parts(usable: (bytes: Buffer) => Buffer): AsyncGenerator<Buffer> {
    for (let isFull = true; isFull; ) {
      const bytes = await this.#objects.readFrom(this.#name, this.#offset, MAX_BYTES);
      if (!bytes) return;
      isFull = bytes.length === MAX_BYTES;
      const taken = usable(bytes);
      const part = isFull && taken.length === 0 ? bytes : taken;
      this.#offset += part.length;
      if (part.length > 0) yield part;
    }
  }
}

function wholeLines(bytes: Buffer): Buffer {
  const end = Math.max(bytes.lastIndexOf(NEWLINE), bytes.lastIndexOf(CARRIAGE_RETURN));
  return bytes.subarray(0, end + 1);
}

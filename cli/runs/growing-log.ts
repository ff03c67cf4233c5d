import type { FileStore } from '../../shared/ports/files.ts';

const NEWLINE = 0x0a;
/** Progress bars end their lines so. */
const CARRIAGE_RETURN = 0x0d;
/** A log may be larger than the memory. */
const MAX_BYTES = 8 * 1024 * 1024;

/** A log object that grows while the run goes on, read piece by piece. */
export class GrowingLog {
  readonly #objects: FileStore;
  readonly #name: string;
  #offset = 0;
  #generation = '';

  constructor(objects: FileStore, name: string) {
    this.#objects = objects;
    this.#name = name;
  }

  /** The whole lines that were added since the last call, in parts; none where the object is unchanged or not there yet. */
  async *lines(): AsyncGenerator<Buffer> {
    const info = await this.#objects.stat(this.#name);
    if (!info || info.generation === this.#generation) return;
    // Another attempt of the run has begun the log anew.
    if (info.bytes < this.#offset) this.#offset = 0;
    yield* this.#parts(wholeLines);
    this.#generation = info.generation;
  }

  /** What is left, at the end, when nothing more is added. */
  async *rest(): AsyncGenerator<Buffer> {
    yield* this.lines();
    yield* this.#parts((bytes) => bytes);
  }

  /** All that has come, as far as `usable` takes it; of a line that is longer than a part, all the same. */
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

import type { FileStore } from '../../shared/ports/files.ts';

const NOTHING = Buffer.alloc(0);
const NEWLINE = 0x0a;
/** Progress bars end their lines so. */
const CARRIAGE_RETURN = 0x0d;

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

  /** The whole lines that were added since the last call; none where the object is unchanged or not there yet. */
  async lines(): Promise<Buffer> {
    const info = await this.#objects.stat(this.#name);
    if (!info || info.generation === this.#generation) return NOTHING;
    this.#generation = info.generation;
    // Another attempt of the run has begun the log anew.
    if (info.bytes < this.#offset) this.#offset = 0;
    const bytes = await this.#read();
    const end = Math.max(bytes.lastIndexOf(NEWLINE), bytes.lastIndexOf(CARRIAGE_RETURN));
    return this.#take(bytes.subarray(0, end + 1));
  }

  /** What is left, at the end, when nothing more is added. */
  async rest(): Promise<Buffer> {
    const lines = await this.lines();
    return Buffer.concat([lines, this.#take(await this.#read())]);
  }

  async #read(): Promise<Buffer> {
    return (await this.#objects.readFrom(this.#name, this.#offset)) ?? NOTHING;
  }

  #take(bytes: Buffer): Buffer {
    this.#offset += bytes.length;
    return bytes;
  }
}

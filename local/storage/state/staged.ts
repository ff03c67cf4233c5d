import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { Digest } from '../checks/digest.ts';

/**
 * Up to this size the bytes of an object are kept with its record instead of in a file of their own: making a file
 * takes longer than all the rest of a small upload.
 */
export const INLINE_BYTES = 64 * 1024;

/** The bytes of an object: themselves if they are few, else the file that has them. */
export type Stored = { bytes: Buffer } | { path: string };

/** Bytes that arrive, and their hashes: in memory while they are few (`memoryBytes`), then in a file. */
export class Staged {
  readonly digest: Digest;
  readonly #path: string;
  readonly #memoryBytes: number;
  #memory: Buffer[] = [];

  constructor(path: string, memoryBytes: number, digest = new Digest()) {
    this.#path = path;
    this.#memoryBytes = memoryBytes;
    this.digest = digest;
  }

  /**
   * Appends all of `source`; what came before a failure stays. Writes synchronously: the bytes only go to the page
   * cache, which takes less time than a thread pool's round trip, and no chunk waits in memory.
   */
  async receive(source: AsyncIterable<Buffer>): Promise<void> {
    let file: number | undefined;
    try {
      for await (const chunk of source) {
        if (this.digest.size + chunk.length > this.#memoryBytes) file ??= this.#openFile();
        if (file === undefined) this.#memory.push(chunk);
        else writeAll(file, chunk);
        this.digest.update(chunk);
      }
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** What came, as an object keeps it. */
  stored(): Stored {
    const { size } = this.digest;
    if (size > INLINE_BYTES) return { path: this.#path };
    return { bytes: size <= this.#memoryBytes ? Buffer.concat(this.#memory) : readFileSync(this.#path) };
  }

  discard(): void {
    this.#memory = [];
    rmSync(this.#path, { force: true });
  }

  #openFile(): number {
    const file = openSync(this.#path, 'a');
    for (const chunk of this.#memory) writeAll(file, chunk);
    this.#memory = [];
    return file;
  }
}

function writeAll(file: number, chunk: Buffer): void {
  for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
}

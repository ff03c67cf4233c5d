import { Readable } from 'node:stream';
import { NotFoundError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ListOptions, ObjectInfo, ObjectStore, StoredText } from '../../shared/ports/objects.ts';
import { MemoryBucket } from './memory-bucket.ts';

/** The object store in memory. */
export class MemoryObjects implements ObjectStore {
  readonly bucket: string;
  readonly #stored: MemoryBucket;

  constructor(clock: Clock, bucket = 'memory') {
    this.bucket = bucket;
    this.#stored = new MemoryBucket(() => clock.now());
  }

  async read(name: string): Promise<StoredText | undefined> {
    const stored = this.#stored.get(name);
    return stored && { text: stored.text, generation: stored.generation };
  }

  async readTail(name: string, bytes: number): Promise<string | undefined> {
    return this.#stored.get(name)?.bytes.subarray(-bytes).toString('utf8');
  }

  async open(name: string): Promise<Readable> {
    const stored = this.#stored.get(name);
    if (!stored) throw new NotFoundError(`open gs://${this.bucket}/${name}: not found (404).`);
    return Readable.from(stored.bytes);
  }

  async create(name: string, text: string): Promise<'created' | 'exists'> {
    return this.#stored.create(name, text);
  }

  async replace(name: string, text: string, generation: string): Promise<'replaced' | 'conflict'> {
    return this.#stored.replace(name, text, generation);
  }

  async put(name: string, text: string): Promise<void> {
    this.#stored.write(name, text);
  }

  async retire(name: string, at: Date): Promise<void> {
    this.#stored.retire(name, at);
  }

  async stat(name: string): Promise<ObjectInfo | undefined> {
    return this.#stored.get(name)?.info;
  }

  async list(options: ListOptions): Promise<ObjectInfo[]> {
    return this.#stored.list(options);
  }

  async listFolders(options: ListOptions): Promise<string[]> {
    return this.#stored.listFolders(options);
  }

  /** Writes from outside the port: what a VM or a person would do. */
  write(name: string, content: string | Buffer): void {
    this.#stored.write(name, content);
  }

  /** Deletes from outside the port. */
  delete(name: string): void {
    this.#stored.delete(name);
  }

  json(name: string): Record<string, unknown> | undefined {
    return this.#stored.get(name)?.json;
  }

  names(): string[] {
    return [...this.#stored.names()];
  }
}

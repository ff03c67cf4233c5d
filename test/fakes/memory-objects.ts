import { Readable } from 'node:stream';
import { CRC32C } from '@google-cloud/storage';
import { NotFoundError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ListOptions, ObjectInfo, ObjectStore, StoredText } from '../../shared/ports/objects.ts';

interface Stored {
  bytes: Buffer;
  generation: number;
  updatedAt: string;
}

/** The object store in memory. */
export class MemoryObjects implements ObjectStore {
  readonly bucket: string;
  readonly #clock: Clock;
  readonly #objects = new Map<string, Stored>();
  #generation = 1;

  constructor(clock: Clock, bucket = 'memory') {
    this.bucket = bucket;
    this.#clock = clock;
  }

  async read(name: string): Promise<StoredText | undefined> {
    const stored = this.#objects.get(name);
    return stored && { text: stored.bytes.toString('utf8'), generation: String(stored.generation) };
  }

  async readTail(name: string, bytes: number): Promise<string | undefined> {
    return this.#objects.get(name)?.bytes.subarray(-bytes).toString('utf8');
  }

  async open(name: string): Promise<Readable> {
    const stored = this.#objects.get(name);
    if (!stored) throw new NotFoundError(`open gs://${this.bucket}/${name}: it does not exist.`);
    return Readable.from([stored.bytes]);
  }

  async create(name: string, text: string): Promise<'created' | 'exists'> {
    if (this.#objects.has(name)) return 'exists';
    this.write(name, text);
    return 'created';
  }

  async replace(name: string, text: string, generation: string): Promise<'replaced' | 'conflict'> {
    if (String(this.#objects.get(name)?.generation) !== generation) return 'conflict';
    this.write(name, text);
    return 'replaced';
  }

  async put(name: string, text: string): Promise<void> {
    this.write(name, text);
  }

  async stat(name: string): Promise<ObjectInfo | undefined> {
    const stored = this.#objects.get(name);
    return stored && infoOf(name, stored);
  }

  async list({ prefix, startOffset = '', limit }: ListOptions): Promise<ObjectInfo[]> {
    const found = [...this.#objects].filter(([name]) => name.startsWith(prefix) && name >= startOffset);
    return found
      .map(([name, stored]) => infoOf(name, stored))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, limit);
  }

  async listFolders(options: ListOptions): Promise<string[]> {
    const { prefix, startOffset = '', limit } = options;
    const names = [...this.#objects.keys()].filter(
      (name) => name.startsWith(prefix) && name.includes('/', prefix.length),
    );
    const folders = names.map((name) => name.slice(0, name.indexOf('/', prefix.length) + 1));
    return [...new Set(folders)]
      .filter((folder) => folder >= startOffset)
      .toSorted()
      .slice(0, limit);
  }

  /** Writes from outside the port: what a VM or a person would do. */
  write(name: string, content: string | Buffer): void {
    const generation = this.#generation++;
    this.#objects.set(name, {
      bytes: Buffer.from(content),
      generation,
      updatedAt: this.#clock.now().toISOString(),
    });
  }

  json(name: string): Record<string, unknown> | undefined {
    const stored = this.#objects.get(name);
    return stored && JSON.parse(stored.bytes.toString('utf8'));
  }

  names(): string[] {
    return [...this.#objects.keys()].toSorted();
  }
}

function infoOf(name: string, { bytes, generation, updatedAt }: Stored): ObjectInfo {
  const crc = new CRC32C();
  crc.update(bytes);
  return { name, bytes: bytes.length, crc32c: crc.toString(), generation: String(generation), updatedAt };
}

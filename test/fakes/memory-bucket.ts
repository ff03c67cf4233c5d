import { CRC32C } from '@google-cloud/storage';
import type { ListOptions, ObjectInfo } from '../../shared/ports/objects.ts';

/** Objects with generations, as a bucket keeps them, without a wire in between: everything happens at once. */
export class MemoryBucket {
  readonly #now: () => Date;
  readonly #objects = new Map<string, StoredObject>();
  /** All names, in byte order. */
  readonly #names: string[] = [];
  #generation = 1;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get(name: string): StoredObject | undefined {
    return this.#objects.get(name);
  }

  /** The parsed content, shared by all who ask: not to be changed. */
  json(name: string): Record<string, unknown> | undefined {
    return this.#objects.get(name)?.json;
  }

  names(): readonly string[] {
    return this.#names;
  }

  write(name: string, content: string | Buffer): void {
    if (!this.#objects.has(name)) this.#names.splice(this.#placeOf(name), 0, name);
    this.#objects.set(name, new StoredObject(name, content, String(this.#generation++), this.#now()));
  }

  create(name: string, text: string): 'created' | 'exists' {
    if (this.#objects.has(name)) return 'exists';
    this.write(name, text);
    return 'created';
  }

  replace(name: string, text: string, generation: string): 'replaced' | 'conflict' {
    if (this.#objects.get(name)?.generation !== generation) return 'conflict';
    this.write(name, text);
    return 'replaced';
  }

  delete(name: string): void {
    if (this.#objects.delete(name)) this.#names.splice(this.#placeOf(name), 1);
  }

  /** Marks an object as superseded; its generation stays. */
  retire(name: string, at: Date): void {
    this.#objects.get(name)?.retire(at);
  }

  list({ prefix, startOffset = '', endOffset, limit }: ListOptions): ObjectInfo[] {
    const found: ObjectInfo[] = [];
    let place = this.#placeOf(prefix > startOffset ? prefix : startOffset);
    for (; found.length !== limit; place += 1) {
      const stored = this.#objects.get(this.#names[place] ?? '');
      if (!stored?.name.startsWith(prefix) || isPast(stored.name, endOffset)) break;
      found.push(stored.info);
    }
    return found;
  }

  listFolders({ prefix, startOffset = '', endOffset, limit }: ListOptions): string[] {
    const below = this.#names.filter((name) => name.startsWith(prefix) && name.includes('/', prefix.length));
    const folders = below.map((name) => name.slice(0, name.indexOf('/', prefix.length) + 1));
    return [...new Set(folders)]
      .filter((folder) => folder >= startOffset && !isPast(folder, endOffset))
      .slice(0, limit);
  }

  /** Where the name stands among all names, or would stand: by bisection. */
  #placeOf(name: string): number {
    let [from, to] = [0, this.#names.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#names[middle] ?? '') < name) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function isPast(name: string, endOffset: string | undefined): boolean {
  return endOffset !== undefined && name >= endOffset;
}

/** One generation of an object. What is made of its content is made when it is first wanted, and kept. */
export class StoredObject {
  readonly name: string;
  readonly generation: string;
  readonly #updatedAt: Date;
  readonly #content: string | Buffer;
  #json: Record<string, unknown> | undefined;
  #info: ObjectInfo | undefined;

  constructor(name: string, content: string | Buffer, generation: string, updatedAt: Date) {
    this.name = name;
    this.generation = generation;
    this.#content = typeof content === 'string' ? content : Buffer.from(content);
    this.#updatedAt = updatedAt;
  }

  retire(at: Date): void {
    this.#info = { ...this.info, retiredAt: at.toISOString() };
  }

  get text(): string {
    return this.#content.toString();
  }

  get bytes(): Buffer {
    return typeof this.#content === 'string' ? Buffer.from(this.#content) : this.#content;
  }

  get json(): Record<string, unknown> {
    this.#json ??= JSON.parse(this.text) as Record<string, unknown>;
    return this.#json;
  }

  get info(): ObjectInfo {
    this.#info ??= this.#describe();
    return this.#info;
  }

  /** The checksum is worked out for those who ask for it: few do. */
  #describe(): ObjectInfo {
    const content = this.#content;
    return {
      name: this.name,
      bytes: Buffer.byteLength(content),
      generation: this.generation,
      updatedAt: this.#updatedAt.toISOString(),
      get crc32c() {
        const crc = new CRC32C();
        crc.update(typeof content === 'string' ? Buffer.from(content) : content);
        return crc.toString();
      },
    };
  }
}

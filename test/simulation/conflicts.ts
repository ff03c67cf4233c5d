import type { Slot } from '../../shared/model/slot.ts';
import type { MemoryBucket } from '../fakes/memory-bucket.ts';
import type { Mutation } from './mutations.ts';

/** Which late writes take effect all the same: none, unless a mutation takes the compare-and-set away. */
export class Conflicts {
  readonly #bucket: MemoryBucket;
  readonly #mutation: Mutation | undefined;
  /** The run that held the slot, by the generation of the slot. */
  readonly #owners = new Map<string, string | undefined>();

  constructor(bucket: MemoryBucket, mutation: Mutation | undefined) {
    this.#bucket = bucket;
    this.#mutation = mutation;
  }

  /** Whether the object may be replaced by somebody who has read this generation of it. */
  allow(name: string, generation: string): boolean {
    const current = this.#bucket.get(name)?.generation;
    if (current === generation || this.#mutation === 'slot-cas') return true;
    if (this.#mutation !== 'slot-owner' || current === undefined) return false;
    return this.#owners.has(generation) && this.#owners.get(generation) !== this.#owners.get(current);
  }

  /** To be called after every write. */
  written(name: string): void {
    if (this.#mutation !== 'slot-owner' || !name.startsWith('control/')) return;
    const stored = this.#bucket.get(name);
    if (stored) this.#owners.set(stored.generation, (stored.json as Slot).active?.runId);
  }
}

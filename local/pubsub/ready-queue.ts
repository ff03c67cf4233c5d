import type { Entry } from './journal.ts';

/**
 * The messages that may be delivered now, first in first out. When ordered, only the oldest unsettled message of each
 * ordering key is among them: the next one follows when that one is finished.
 */
export class ReadyQueue {
  readonly #ordered: boolean;
  readonly #ready = new Set<Entry>();
  /** Per ordering key its unsettled messages, in the order of publishing; the first is the one ready or taken. */
  readonly #lanes = new Map<string, Entry[]>();

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  /** A message that is new to the queue. */
  add(entry: Entry): void {
    const key = this.#keyOf(entry);
    const lane = this.#lanes.get(key);
    if (lane) return void lane.push(entry);
    if (key !== '') this.#lanes.set(key, [entry]);
    this.#ready.add(entry);
  }

  take(): Entry | undefined {
    const [entry] = this.#ready;
    if (entry) this.#ready.delete(entry);
    return entry;
  }

  /** A message that was taken and shall be delivered again. */
  giveBack(entry: Entry): void {
    this.#ready.add(entry);
  }

  /** A message that was taken and is settled. */
  finish(entry: Entry): void {
    const key = this.#keyOf(entry);
    const lane = this.#lanes.get(key);
    if (!lane) return;
    lane.shift();
    const next = lane[0];
    if (next) this.#ready.add(next);
    else this.#lanes.delete(key);
  }

  clear(): void {
    this.#ready.clear();
    this.#lanes.clear();
  }

  #keyOf({ message }: Entry): string {
    return this.#ordered ? (message.orderingKey ?? '') : '';
  }
}

import type { Consumer } from './delivery.ts';

/** Who takes a subscription's messages, and how many each holds unanswered. */
export class Consumers {
  readonly #held = new Map<Consumer, number>();

  add(consumer: Consumer): void {
    this.#held.set(consumer, 0);
  }

  remove(consumer: Consumer): void {
    this.#held.delete(consumer);
  }

  /** The consumer got a message, or has answered for one; it may have been removed meanwhile. */
  count(consumer: Consumer, change: 1 | -1): void {
    const held = this.#held.get(consumer);
    if (held !== undefined) this.#held.set(consumer, held + change);
  }

  /** The consumer that holds the fewest messages, among those that may take another. */
  idlest(): Consumer | undefined {
    let idlest: Consumer | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [consumer, held] of this.#held) {
      if (held >= consumer.limit || held >= fewest) continue;
      idlest = consumer;
      fewest = held;
    }
    return idlest;
  }

  clear(): void {
    this.#held.clear();
  }

  /** Tells them that nothing comes any more, and forgets them. */
  end(): void {
    const consumers = [...this.#held.keys()];
    this.clear();
    for (const consumer of consumers) consumer.end?.();
  }
}

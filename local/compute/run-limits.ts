import type { CloudClock } from '../core/clock.ts';
import type { Instance } from './instance.ts';

/** Enforces `scheduling.maxRunDuration`, and shows its end as `terminationTimestamp` while the instance is on. */
export class RunLimits {
  readonly #clock: CloudClock;
  readonly #cancels = new Map<string, () => void>();

  constructor(clock: CloudClock) {
    this.#clock = clock;
  }

  begin(instance: Instance, whenOver: () => void): void {
    this.end(instance);
    const { maxRunDuration } = instance.scheduling;
    if (!maxRunDuration) return;
    const ms = Number(maxRunDuration.seconds) * 1000;
    instance.terminationTimestamp = new Date(this.#clock.now().getTime() + ms).toISOString();
    this.#cancels.set(instance.id, this.#clock.after(ms, whenOver));
  }

  end(instance: Instance): void {
    this.#cancels.get(instance.id)?.();
    this.#cancels.delete(instance.id);
    delete instance.terminationTimestamp;
  }

  close(): void {
    for (const cancel of this.#cancels.values()) cancel();
  }
}

import type { CloudClock } from '../core/clock.ts';
import type { Instance } from './instance.ts';

/**
 * Enforces `scheduling.maxRunDuration`, counted from `lastStartTimestamp`. While the instance is on, `terminationTimestamp` is
 * when it ends.
 */
export class RunLimits {
  readonly #clock: CloudClock;
  readonly #cancels = new Map<string, () => void>();

  constructor(clock: CloudClock) {
    this.#clock = clock;
  }

  begin(instance: Instance, startedAt: Date, whenOver: () => void): void {
    this.end(instance);
    const { maxRunDuration } = instance.scheduling;
    if (!maxRunDuration) return;
    const ms = Number(maxRunDuration.seconds) * 1000;
    instance.terminationTimestamp = new Date(startedAt.getTime() + ms).toISOString();
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

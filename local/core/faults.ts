import { randomUUID } from 'node:crypto';

/**
 * A fault on demand, at the wire of any service of the local cloud:
 * - `error`: answers `status`, and nothing has happened
 * - `error-after`: the call takes effect, then `status` is answered (a lost success)
 * - `delay`: waits `delayMs` of cloud time, then serves the call
 * - `drop`: the call takes effect, then the connection breaks without an answer
 * - `drop-before`: the connection breaks, and nothing has happened
 * - `cut`: the call takes effect, and the connection breaks after `afterBytes` of the answer's body
 * A service gives further kinds a meaning of its own (`duplicate`, `lose` for Pub/Sub; `stockout` for Compute).
 */
export interface FaultRule {
  /** Operation name or pattern with `*`, such as `storage.objects.insert` or `compute.*`. */
  operation: string;
  kind: string;
  /** HTTP status answered by `error` and `error-after`; 503 unless told. */
  status?: number;
  /** `errors[].reason` of the answer. */
  reason?: string;
  /** Headers of the answer, such as `retry-after`. */
  headers?: Record<string, string>;
  /** Answered as plain text in place of Google's JSON error, such as Slack's `channel_is_archived`. */
  text?: string;
  delayMs?: number;
  /** Of the body, before a `cut`; 0 unless told. */
  afterBytes?: number;
  /** How often it strikes; 1 unless told. */
  times?: number;
  /** How many matching calls pass unharmed first. */
  skip?: number;
  /** Strikes with this probability (0 to 1) instead of always. */
  probability?: number;
  /** Only calls whose URL contains this text. */
  urlContains?: string;
}

export interface FaultInjection extends FaultRule {
  id: string;
  seen: number;
  struck: number;
}

/** The faults that were asked for, with counts of how often each struck. */
export class Faults {
  readonly #random: () => number;
  #faults: FaultInjection[] = [];

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  add(rule: FaultRule): FaultInjection {
    const fault = { ...rule, id: randomUUID(), seen: 0, struck: 0 };
    this.#faults.push(fault);
    return fault;
  }

  list(): FaultInjection[] {
    return this.#faults;
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault that strikes this call, if any; counts it. With `kinds`, only those are considered. */
  strike(operation: string, url = '', kinds?: string[]): FaultInjection | undefined {
    for (const fault of this.#faults) {
      if (kinds && !kinds.includes(fault.kind)) continue;
      if (!matches(fault, operation, url)) continue;
      fault.seen += 1;
      if (fault.seen <= (fault.skip ?? 0) || fault.struck >= (fault.times ?? 1)) continue;
      if (this.#random() >= (fault.probability ?? 1)) continue;
      fault.struck += 1;
      return fault;
    }
    return undefined;
  }
}

function matches(fault: FaultRule, operation: string, url: string): boolean {
  const pattern = fault.operation.split('*').map(RegExp.escape).join('.*');
  return new RegExp(`^${pattern}$`).test(operation) && url.includes(fault.urlContains ?? '');
}

import type { Choices } from './choices.ts';

/** How often what goes wrong, in percent of the occasions, on an ordinary day. */
export const FAULT_PERCENT = {
  'call fails before its effect': 2,
  'call fails after its effect': 2,
  'call hangs': 2,
  'function killed': 1,
  'function stalls': 1,
  'VM dies': 1.5,
  'VM boots by itself': 20,
  'VM held': 5,
  'upload spoiled': 3,
  'message doubled': 8,
  'message lost': 10,
  'message late': 15,
  'out of stock': 15,
  'start refused': 1,
  'instance refused': 0.3,
  'clock wrong': 25,
  'Slack down': 10,
  'Slack refuses': 1,
} as const;

export type FaultKind = keyof typeof FAULT_PERCENT;

const KINDS = Object.keys(FAULT_PERCENT) as FaultKind[];
/** Days differ: on one a kind of fault does not occur, on another it is far more frequent. That finds more than a mean of all. */
const DAYS = [0, 1, 1, 1, 6];
const MAX_PERCENT = 60;

/** Faults of one simulation, with counts. They end when `stop` is called, so that everything can come to rest. */
export class SimulatedFaults {
  readonly #choices: Choices;
  readonly #percent = new Map<FaultKind, number>();
  readonly counts = new Map<FaultKind, number>();
  #active = true;

  constructor(choices: Choices) {
    this.#choices = choices;
    for (const kind of KINDS) {
      const day = DAYS[choices.pick(DAYS.length)] ?? 0;
      this.#percent.set(kind, Math.min(FAULT_PERCENT[kind] * day, MAX_PERCENT));
    }
  }

  strikes(kind: FaultKind): boolean {
    const percent = this.#active ? (this.#percent.get(kind) ?? 0) : 0;
    if (percent === 0 || !this.#choices.chance(percent)) return false;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    return true;
  }

  stop(): void {
    this.#active = false;
  }
}

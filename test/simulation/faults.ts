import type { Choices } from './choices.ts';

/** How often what goes wrong, in percent of the occasions. */
export const FAULT_PERCENT = {
  'call fails before its effect': 2,
  'call fails after its effect': 2,
  'function killed': 1,
  'function stalls': 1,
  'VM dies': 1.5,
  'VM boots by itself': 20,
  'message doubled': 8,
  'message lost': 10,
  'message late': 15,
  'out of stock': 15,
  'clock wrong': 25,
  'Slack down': 10,
} as const;

export type FaultKind = keyof typeof FAULT_PERCENT;

/** Faults of one simulation, with counts. They end when `stop` is called, so that everything can come to rest. */
export class SimulatedFaults {
  readonly #choices: Choices;
  readonly counts = new Map<FaultKind, number>();
  #active = true;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  strikes(kind: FaultKind): boolean {
    if (!this.#active || !this.#choices.chance(FAULT_PERCENT[kind])) return false;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    return true;
  }

  stop(): void {
    this.#active = false;
  }
}

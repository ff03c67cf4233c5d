import { ManualClock } from '../../fakes/manual-clock.ts';

const STEP_SECONDS = 10;

/** A clock that stands still; sleeping moves it, and at every tenth second the next step of a script is taken. */
export class ScriptedClock extends ManualClock {
  readonly #steps: (() => unknown)[];
  #nextStepAt: number;

  constructor(steps: (() => unknown)[] = [], start?: string) {
    super(start);
    this.#steps = steps;
    this.#nextStepAt = this.now().getTime() + STEP_SECONDS * 1000;
  }

  override async sleep(ms: number): Promise<void> {
    await super.sleep(ms);
    if (this.now().getTime() < this.#nextStepAt) return;
    this.#nextStepAt += STEP_SECONDS * 1000;
    await this.#steps.shift()?.();
  }
}

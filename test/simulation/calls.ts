import { TransientError } from '../../shared/errors.ts';
import type { Choices } from './choices.ts';
import type { SimulatedFaults } from './faults.ts';
import type { Process, Scheduler } from './scheduler.ts';

const LONGEST_STALL_MS = 1_800_000;

/** One for all, since a stack trace costs more than the step that it belongs to. */
const FAULT = new TransientError('A fault on demand.');

/** An outside call of one process. `effect` happens at once, when its turn has come. */
export type Call = <T>(effect: () => T) => Promise<T>;

export interface CallParts {
  scheduler: Scheduler;
  faults: SimulatedFaults;
  choices: Choices;
}

/** Outside calls of a process: each waits for its turn, may fail on either side of its effect, and may be the last. */
export function callsOf(process: Process, parts: CallParts, mayDie: () => unknown): Call {
  const { scheduler, faults, choices } = parts;

  return <T>(effect: () => T) =>
    new Promise<T>((resolve, reject) => {
      scheduler.turn(process, () => {
        if (!faults.strikes('function stalls')) return act();
        scheduler.sleep(process, choices.pick(LONGEST_STALL_MS), () => scheduler.turn(process, act));
      });

      function act(): void {
        if (faults.strikes('call fails before its effect')) {
          reject(FAULT);
          return;
        }
        try {
          const result = effect();
          mayDie();
          if (process.dead) return;
          if (faults.strikes('call fails after its effect')) reject(FAULT);
          else resolve(result);
        } catch (error) {
          reject(error);
        }
      }
    });
}

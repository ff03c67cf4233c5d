import { TransientError } from '../../shared/errors.ts';
import type { Choices } from './choices.ts';
import type { SimulatedFaults } from './faults.ts';
import type { Process, Scheduler } from './scheduler.ts';
import { SECRETS } from './secrets.ts';

const MAX_STALL_MS = 1_800_000;

/** One for all, since a stack trace costs more than the step that it belongs to. */
const FAULT = new TransientError(
  `A fault on demand, which says ${SECRETS.slackToken} and ${SECRETS.password}.`,
);

/** An outside call of one process, such as `read` of `control/vm.json`. `effect` happens at once, when its turn has come. */
export type Call = <T>(method: string, subject: string, effect: () => T) => Promise<T>;

/** Told of everything that happens. */
export type Trace = (line: string) => void;

export interface CallParts {
  scheduler: Scheduler;
  faults: SimulatedFaults;
  choices: Choices;
  trace: Trace | undefined;
}

/** Calls that change something, and so may take effect long after their caller has given up. */
const CHANGES = new Set([
  'create',
  'replace',
  'set metadata',
  'set machine type',
  'set scheduling',
  'start',
  'stop',
]);

/** Outside calls of a process: each waits for its turn, may fail on either side of its effect, and may be the last. */
export function callsOf(process: Process, parts: CallParts, mayDie: () => unknown): Call {
  const { scheduler, faults, choices, trace } = parts;

  return <T>(method: string, subject: string, effect: () => T) =>
    new Promise<T>((resolve, reject) => {
      scheduler.turn(process, () => {
        if (faults.strikes('function stalls')) stall();
        else act();
      });

      function stall(): void {
        trace?.(`${process.name}: ${method} ${subject} is held up`);
        scheduler.sleep(process, choices.pick(MAX_STALL_MS), () => scheduler.turn(process, act));
      }

      function act(): void {
        if (faults.strikes('call fails before its effect')) {
          fail('fails');
          return;
        }
        if (CHANGES.has(method) && faults.strikes('call hangs')) {
          scheduler.at(choices.pick(MAX_STALL_MS), late);
          fail('hangs');
          return;
        }
        try {
          const result = effect();
          trace?.(`${process.name}: ${method} ${subject}`);
          mayDie();
          answer(result);
        } catch (error) {
          trace?.(`${process.name}: ${method} ${subject}: ${error}`);
          reject(error);
        }
      }

      function late(): void {
        trace?.(`${process.name}: ${method} ${subject} takes effect late`);
        try {
          effect();
        } catch (error) {
          trace?.(`${method} ${subject}: ${error}`);
        }
      }

      function answer(result: T): void {
        if (process.dead) trace?.(`${process.name} is dead`);
        else if (faults.strikes('call fails after its effect')) fail('took effect, but fails');
        else resolve(result);
      }

      function fail(how: string): void {
        trace?.(`${process.name}: ${method} ${subject} ${how}`);
        reject(FAULT);
      }
    });
}

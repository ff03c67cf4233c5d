import { TransientError } from '../errors.ts';
import type { Location } from '../model/status.ts';
import { MalformedDocumentError } from '../records/documents.ts';
import { KnownDocuments } from '../records/known-documents.ts';
import type { Action, Wait } from './action.ts';
import { carryOut } from './carry-out.ts';
import { decide } from './decide.ts';
import type { Dependencies } from './dependencies.ts';
import { observe } from './observe.ts';
import { reportDamage } from './report-damage.ts';

/**
 * More steps than any pass needs, even where the longest queue (100) ends at once, at 5 each; reaching it means that two steps undo each
 * other.
 */
const MAX_STEPS = 1000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

export interface PassOptions {
  /** Runs that the caller knows of, whether or not they hold a place in the slot. */
  focus?: readonly string[];
  /** Which waiting runs are read besides those in `focus`: all, or the next one, so that a burst of requests stays cheap. */
  queue?: 'all' | 'head';
  /** Whether this wait is worth staying for, and how many seconds altogether. 0: no. */
  patience?: (wait: Wait) => number;
}

/**
 * One pass of the control loop: observe, decide, carry out, until there is nothing to do but wait. Returns what it would wait
 * for. Throws TransientError where something must be tried again later; everything else has been done by then.
 */
export async function reconcile(deps: Dependencies, options: PassOptions = {}): Promise<Wait> {
  try {
    return await pass(deps, options);
  } catch (error) {
    // Only the slot is needed by all runs. What comes in until it is repaired waits as a spec without a final.json.
    if (!(error instanceof MalformedDocumentError)) throw error;
    await reportDamage(deps, error.damage);
    return { kind: 'wait', for: 'nothing' };
  }
}

async function pass(deps: Dependencies, options: PassOptions): Promise<Wait> {
  const { focus = [], queue = 'all', patience = () => 0 } = options;
  const { objects, instance, clock, log } = deps;
  const location: Location = { bucket: objects.bucket, instance: instance.name, zone: instance.zone };
  const undelivered = new Map<string, TransientError>();
  const known = new KnownDocuments(objects);
  const pauses = new Pauses();

  for (let steps = 0; steps < MAX_STEPS; ) {
    const observation = await observe(deps, known, { focus, queue }, new Set(undelivered.keys()));
    const action = decide(observation.observed, location);
    if (action.kind === 'wait') {
      const pause = pauses.next(action, patience(action));
      if (pause === undefined) return orFail(action);
      await clock.sleep(pause);
      continue;
    }
    steps += 1;
    const runId = runOf(action);
    log({ message: describe(action), ...(runId && { runId }) });
    try {
      await carryOut(deps, observation, action);
    } catch (error) {
      // A notification that does not get through must not hold up the run.
      const notification = notificationOf(action);
      if (!notification || !(error instanceof TransientError)) throw error;
      undelivered.set(notification, error);
    }
  }
  throw new Error(
    `The control loop of ${instance.name} does not come to rest. See the last steps in the log.`,
  );

  function orFail(wait: Wait): Wait {
    const [failure] = undelivered.values();
    if (failure) throw failure;
    return wait;
  }
}

/** Growing pauses while one wait lasts, within its patience; a new wait begins anew. */
class Pauses {
  #current = '';
  #pause = FIRST_PAUSE_MS;
  #waited = 0;

  /** Milliseconds to wait, or undefined where the patience is used up. */
  next(wait: Wait, patienceSeconds: number): number | undefined {
    const key = `${wait.for} ${wait.runId}`;
    if (key !== this.#current) {
      this.#current = key;
      this.#pause = FIRST_PAUSE_MS;
      this.#waited = 0;
    }
    if (this.#waited >= patienceSeconds * 1000) return undefined;
    const pause = this.#pause;
    this.#waited += pause;
    this.#pause = Math.min(pause * 1.5, MAX_PAUSE_MS);
    return pause;
  }
}

/** The key under which a failed notification is remembered. */
function notificationOf(action: Action): string | undefined {
  if (action.kind === 'report-orphan') return 'orphan-vm';
  if (action.kind === 'report-damage') return action.damage.object;
  return action.kind === 'notify' ? `${action.draft.status.runId}/${action.event}` : undefined;
}

function describe(action: Action): string {
  return action.kind === 'slot'
    ? action.change
    : action.kind === 'notify'
      ? `announce ${action.event}`
      : action.kind;
}

function runOf(action: Action): string | undefined {
  if (action.kind === 'slot') return action.next.active?.runId;
  if (action.kind === 'finish') return action.final.runId;
  if (action.kind === 'record') return action.run.spec.runId;
  if (action.kind === 'refresh') return action.status.runId;
  if (action.kind === 'notify') return action.draft.status.runId;
  if ('spec' in action) return action.spec.runId;
  return 'runId' in action ? action.runId : undefined;
}

import { describeSeconds } from '../config/duration.ts';
import type { Final } from '../model/final.ts';
import { isFinished, type Status } from '../model/status.ts';
import type { Action } from './action.ts';
import type { Observed, RunFacts } from './facts.ts';

type FinishedFacts = RunFacts & { final: Final };

/** What is left to do for a finished run: record it, tell it. Undefined: nothing. */
export function settle(observed: Observed, run: FinishedFacts): Action | undefined {
  if (!run.status || !isFinished(run.status)) return { kind: 'record', run };
  return toTell(observed, run, 'finished')
    ? announce('finished', { event: 'finished', status: run.status })
    : undefined;
}

/** What people are to be told of a run that goes on. */
export function announcement(observed: Observed, run: RunFacts, status: Status): Action | undefined {
  const { slot } = observed;
  const { active } = slot;
  if (active?.runId !== run.spec.runId) {
    const behind = active?.runId;
    if (!behind || !toTell(observed, run, 'queued')) return undefined;
    return announce('queued', { event: 'queued', status, behind });
  }
  const retry = `retrying-${active.attempt}`;
  if (active.retryReason && toTell(observed, run, retry)) {
    return announce(retry, { event: 'retrying', status, reason: active.retryReason });
  }
  const delay = `start-delayed-${active.attempt}`;
  if (active.startError && toTell(observed, run, delay)) {
    const reason = `The VM could not be started (${active.startError}). It is tried again with growing pauses.`;
    return announce(delay, { event: 'retrying', status, reason });
  }
  return undefined;
}

function announce(
  event: string,
  announcement: Extract<Action, { kind: 'announce' }>['announcement'],
): Action {
  return { kind: 'announce', event, announcement };
}

function toTell({ undelivered }: Observed, run: RunFacts, event: string): boolean {
  return !run.told.has(event) && !undelivered.has(`${run.spec.runId}/${event}`);
}

/** The terminal state of a run that no outcome speaks for. */
export function finalWithout(
  { now, slot }: Observed,
  { spec }: RunFacts,
  status: Final['status'],
  reason: string,
): Final {
  const attempt = slot.active?.runId === spec.runId ? slot.active.attempt : 0;
  return { runId: spec.runId, status, verdict: 'failed', attempt, finishedAt: now.toISOString(), reason };
}

export function cancelled(observed: Observed, run: RunFacts): Final {
  const by = run.cancel?.requestedBy;
  return finalWithout(observed, run, 'cancelled', `Cancelled${by ? ` by ${by}` : ''}.`);
}

export function skipped(observed: Observed, run: RunFacts, busy: string): Final {
  return finalWithout(
    observed,
    run,
    'cancelled',
    `Skipped, because ${busy} holds the VM and the request says onBusy: skip.`,
  );
}

export function expired(observed: Observed, run: RunFacts): Final {
  const age = describeSeconds(run.spec.maxAgeSeconds);
  return finalWithout(
    observed,
    run,
    'expired',
    `Not started within ${age} of its request (limits.maxAge). Ask again if it is still wanted.`,
  );
}

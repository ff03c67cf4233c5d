import { isDeepStrictEqual } from 'node:util';
import { enqueue } from '../model/slot.ts';
import { type Location, unfinishedStatus } from '../model/status.ts';
import { isOff } from '../ports/instance.ts';
import { type Action, slotChange } from './action.ts';
import { decideActive } from './decide-active.ts';
import { decideIdle, decideVanished } from './decide-idle.ts';
import { draft } from './decide-notification.ts';
import { decideQueue } from './decide-queue.ts';
import type { Observed, RunFacts } from './facts.ts';
import { finalizeRun } from './finalize-run.ts';

/**
 * The control loop's next step: a pure function of what was observed. Steps that change the truth come first, then what people
 * see (status, notifications), and waiting last.
 */
export function decide(observed: Observed, location: Location): Action {
  const damage = observed.damages.find(({ object }) => !observed.undelivered.has(object));
  if (damage) return { kind: 'report-damage', damage };
  const decided = admit(observed) ?? decideQueue(observed) ?? decideSlot(observed);
  if (decided.kind !== 'wait') return decided;
  return decideReports(observed, location) ?? decided;
}

/** Runs outside the slot: settled, or put into the queue, whatever is to become of them: only there nobody else starts them. */
function admit(observed: Observed): Action | undefined {
  for (const run of inOrder(observed.others)) {
    if (!run.final) return slotChange('enqueue', enqueue(observed.slot, run.spec.runId, observed.now));
    const action = finalizeRun(observed, { ...run, final: run.final });
    if (action) return action;
  }
  return undefined;
}

function decideSlot(observed: Observed): Action {
  const { slot, active, instance } = observed;
  if (slot.pendingStop && instance && isOff(instance.status)) return { kind: 'settle-stop' };
  if (active) return decideActive(observed, active);
  return slot.active ? decideVanished(observed, slot.active) : decideIdle(observed);
}

/** What people see: announcements, then status documents that have fallen behind. */
function decideReports(observed: Observed, location: Location): Action | undefined {
  const runs = [observed.active, ...observed.waiting.map(({ run }) => run)];
  const unfinished = runs.filter((run) => run !== undefined && !run.final);
  const statuses = unfinished.flatMap((run) =>
    run ? [{ run, status: unfinishedStatus(run.spec, location, progressOf(observed, run)) }] : [],
  );
  for (const { run, status } of statuses) {
    const action = draft(observed, run, status);
    if (action) return action;
  }
  const behind = statuses.find(({ run, status }) => !isDeepStrictEqual(run.status, status));
  return behind && { kind: 'refresh', status: behind.status };
}

function progressOf({ slot, active }: Observed, run: RunFacts) {
  if (!active || run.spec.runId !== active.spec.runId || active.claim?.by !== 'vm') return { slot };
  const { claim, heartbeat } = active;
  return {
    slot,
    claimedAt: claim.claimedAt ?? slot.active?.attemptSince ?? active.spec.requestedAt,
    ...(heartbeat && { heartbeat }),
  };
}

function inOrder(runs: RunFacts[]): RunFacts[] {
  return runs.toSorted((a, b) => a.spec.requestedAt.localeCompare(b.spec.requestedAt));
}

import type { ActiveRun } from '../model/slot.ts';
import type { Status } from '../model/status.ts';
import type { Action, Announcement } from './action.ts';
import type { Observed, RunFacts } from './facts.ts';

/** What people are to be told of a run that goes on. */
export function announcement(observed: Observed, run: RunFacts, status: Status): Action | undefined {
  const { active } = observed.slot;
  if (active?.runId !== run.spec.runId) {
    const behind = active?.runId;
    return behind ? tellOnce(observed, run, 'queued', { event: 'queued', status, behind }) : undefined;
  }
  const { attempt, retryReason, startError } = active;
  const started = startedAnnouncement(observed, run, status, active);
  if (started) return started;
  const delay = `The VM could not be started (${startError}). It is tried again with growing pauses.`;
  return (
    (retryReason &&
      tellOnce(observed, run, `retrying-${attempt}`, { event: 'retrying', status, reason: retryReason })) ||
    (startError &&
      tellOnce(observed, run, `start-delayed-${attempt}`, { event: 'retrying', status, reason: delay })) ||
    undefined
  );
}

/** Told once the VM is on its way, so that it waits for nobody. */
function startedAnnouncement(
  observed: Observed,
  run: RunFacts,
  status: Status,
  { attempt, startedSeq }: ActiveRun,
): Action | undefined {
  const { spec } = run;
  const isOn = startedSeq !== undefined || status.status === 'running';
  if (!spec.tellStart || !isOn) return undefined;
  const machineType = observed.instance?.machineType ?? spec.machineType;
  return tellOnce(observed, run, 'started', { event: 'started', status, spec, machineType, attempt });
}

/** The announcement, unless it has been made, or has failed in this pass. */
export function tellOnce(
  { undelivered }: Observed,
  run: RunFacts,
  event: string,
  announcement: Announcement,
): Action | undefined {
  if (run.told.has(event) || undelivered.has(`${run.spec.runId}/${event}`)) return undefined;
  return { kind: 'announce', event, announcement };
}

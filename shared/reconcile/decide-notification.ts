import type { ActiveRun } from '../model/slot.ts';
import type { Status } from '../model/status.ts';
import type { Action, NotificationDraft } from './action.ts';
import type { Observed, RunFacts } from './facts.ts';

/** What people are to be told of a run that goes on. */
export function draft(observed: Observed, run: RunFacts, status: Status): Action | undefined {
  const { active } = observed.slot;
  if (active?.runId !== run.spec.runId) {
    const behind = active?.runId;
    return behind ? notifyOnce(observed, run, 'queued', { event: 'queued', status, behind }) : undefined;
  }
  return (
    startedNotification(observed, run, status, active) ??
    retryNotification(observed, run, status, active) ??
    delayNotification(observed, run, status, active)
  );
}

/** Told once the VM is on its way, so that it waits for nobody. */
function startedNotification(
  observed: Observed,
  run: RunFacts,
  status: Status,
  { attempt, startedSeq }: ActiveRun,
): Action | undefined {
  const { spec } = run;
  const isOn = startedSeq !== undefined || status.status === 'running';
  if (!spec.tellStart || !isOn) return undefined;
  const machineType = observed.instance?.machineType ?? spec.machineType;
  return notifyOnce(observed, run, 'started', { event: 'started', status, spec, machineType, attempt });
}

function retryNotification(
  observed: Observed,
  run: RunFacts,
  status: Status,
  { attempt, retryReason: reason }: ActiveRun,
): Action | undefined {
  if (!reason) return undefined;
  return notifyOnce(observed, run, `retrying-${attempt}`, { event: 'retrying', status, reason });
}

function delayNotification(
  observed: Observed,
  run: RunFacts,
  status: Status,
  { attempt, attemptSince, startError: error }: ActiveRun,
): Action | undefined {
  if (!error) return undefined;
  const { machineType, fallbackMachineTypes, startWithinSeconds } = run.spec;
  const machineTypes = [machineType, ...fallbackMachineTypes];
  const giveUpAt = new Date(Date.parse(attemptSince) + startWithinSeconds * 1000).toISOString();
  const delayed = { event: 'start-delayed', status, error, machineTypes, giveUpAt } as const;
  return notifyOnce(observed, run, `start-delayed-${attempt}`, delayed);
}

/** The notification, unless it was sent already or failed in this pass. */
export function notifyOnce(
  { undelivered }: Observed,
  run: RunFacts,
  event: string,
  draft: NotificationDraft,
): Action | undefined {
  if (run.notified.has(event) || undelivered.has(`${run.spec.runId}/${event}`)) return undefined;
  return { kind: 'notify', event, draft };
}

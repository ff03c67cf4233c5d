import { finalName, resultsPrefix } from '../model/layout.ts';
import { changeActive, type Slot, type StopReason } from '../model/slot.ts';
import type { Status } from '../model/status.ts';
import { toText } from '../records/documents.ts';
import { swapSlot } from '../records/slot-store.ts';
import { writeStatus } from '../records/status-store.ts';
import type { Action } from './action.ts';
import type { Dependencies } from './dependencies.ts';
import { evaluateMalformed, evaluateOutcome } from './evaluate-outcome.ts';
import type { Observation } from './observe.ts';
import { reportOrphan, stopOrphan } from './orphan.ts';
import { recordFinished } from './record.ts';
import { callId } from './request-id.ts';
import { revoke } from './revoke.ts';
import { saveConsole } from './save-console.ts';
import { sendNotificationOnce } from './send-notification.ts';
import { startAttempt } from './start-attempt.ts';

/**
 * Carries out one step. A lost race needs no answer: the next observation shows it. Throws TransientError where the step may
 * succeed later.
 */
export async function carryOut(
  deps: Dependencies,
  observation: Observation,
  action: Exclude<Action, { kind: 'wait' }>,
) {
  const { objects, clock } = deps;
  const { observed } = observation;
  switch (action.kind) {
    case 'slot':
      return swap(deps, observation, action.next);
    case 'start':
      return startAttempt(deps, observed, action.spec, (next) => swap(deps, observation, next));
    case 'stop':
      return stop(deps, observation, action.runId, action.reason);
    case 'revoke':
      return revoke(deps, action);
    case 'evaluate-outcome': {
      const { spec, attempt, outcome } = action;
      const final =
        'malformed' in outcome
          ? evaluateMalformed(spec, attempt, clock.now(), outcome.malformed)
          : evaluateOutcome(spec, outcome, await objects.list({ prefix: `${resultsPrefix(spec.runId)}/` }));
      return void (await objects.create(finalName(spec.runId), toText(final)));
    }
    case 'finish':
      return void (await objects.create(finalName(action.final.runId), toText(action.final)));
    case 'record':
      return recordFinished(deps, observed, action.run);
    case 'save-console':
      return saveConsole(deps, action.runId, action.attempt);
    case 'report-orphan':
      return reportOrphan(deps, observation.stored, action.orphan);
    case 'stop-orphan':
      return stopOrphan(deps, action.orphan, (next) =>
        swap(deps, observation, { ...observed.slot, orphan: next }),
      );
    case 'refresh':
      return refresh(deps, action.status);
    case 'notify':
      return sendNotificationOnce(deps, action.event, action.draft);
  }
}

/** What people see of a run. A message that cannot be edited now must not hold up anything: the next pass, or the end, does it. */
async function refresh({ objects, notifier, log }: Dependencies, status: Status): Promise<void> {
  const standing = await writeStatus(objects, status);
  if (standing !== status || status.status !== 'running') return;
  try {
    await notifier.show?.(status);
  } catch (error) {
    const { runId } = status;
    log({
      message: "The run's message could not be brought up to date.",
      runId,
      error: (error as Error).message,
    });
  }
}

async function swap({ objects, instance }: Dependencies, { stored }: Observation, next: Slot): Promise<void> {
  await swapSlot(objects, instance.name, stored, next);
}

/** The reason is in the slot before the VM is notified, so that whoever finds it off knows why. */
async function stop(
  deps: Dependencies,
  observation: Observation,
  runId: string,
  reason: StopReason,
): Promise<void> {
  const { slot, now } = observation.observed;
  const at = now.toISOString();
  const stopping = slot.active?.stopping;
  if (slot.active && stopping) {
    await deps.instance.stop(
      callId(runId, slot.active.attempt, `stop ${stopping.askedAt ?? stopping.since}`),
    );
  }
  const noted = stopping ? { ...stopping, askedAt: at } : { reason, since: at };
  return swap(
    deps,
    observation,
    changeActive(slot, runId, (active) => ({ ...active, stopping: noted })),
  );
}

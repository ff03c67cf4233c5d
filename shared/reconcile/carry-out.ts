import { finalName, resultsPrefix } from '../model/layout.ts';
import type { Slot } from '../model/slot.ts';
import type { Status } from '../model/status.ts';
import { toText } from '../records/documents.ts';
import { isCurrent, swapSlot } from '../records/slot-store.ts';
import { writeStatus } from '../records/status-store.ts';
import type { Action } from './action.ts';
import type { Dependencies } from './dependencies.ts';
import { evaluateMalformed, evaluateOutcome } from './evaluate-outcome.ts';
import type { Observation } from './observe.ts';
import { reportOrphan } from './orphan.ts';
import { recordFinished } from './record.ts';
import { reportDamage } from './report-damage.ts';
import { revoke } from './revoke.ts';
import { saveConsole } from './save-console.ts';
import { sendNotificationOnce } from './send-notification.ts';
import { startAttempt } from './start-attempt.ts';
import { settleStop, stopOrphan, stopRun } from './stop-vm.ts';

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
  const swapNext = (next: Slot) => swap(deps, observation, next);
  switch (action.kind) {
    case 'slot':
      return swapNext(action.next);
    case 'start':
      // The instance was read after the slot: its metadata may be that of a later attempt.
      if (!(await isCurrent(objects, deps.instance.name, observation.stored))) return;
      return startAttempt(deps, observed, action.spec, swapNext);
    case 'stop':
      return stopRun(deps, observed.slot, action, swapNext);
    case 'settle-stop':
      return settleStop(deps, observed.slot, swapNext);
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
    case 'report-damage':
      return reportDamage(deps, action.damage);
    case 'report-orphan':
      return reportOrphan(deps, observation.stored, action.orphan);
    case 'stop-orphan':
      return stopOrphan(deps, observed.slot, action.orphan, swapNext);
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

import type { Outcome } from '../model/attempt.ts';
import type { Final } from '../model/final.ts';
import type { Orphan, Slot, StopReason } from '../model/slot.ts';
import type { RunSpec } from '../model/spec.ts';
import type { Status } from '../model/status.ts';
import type { Damage } from '../records/documents.ts';
import type { RunFacts } from './facts.ts';

/** Why the control plane takes an attempt back before the VM has claimed it. */
export type RevokeReason = 'cancelled' | 'start-failed' | 'boot-timeout';

export interface Revocation {
  runId: string;
  attempt: number;
  reason: RevokeReason;
  detail: string;
}

/** What a pass may have to wait for, and whose it is. */
export interface Wait {
  kind: 'wait';
  for: 'claim' | 'outcome' | 'off' | 'retry' | 'instance' | 'nothing';
  runId?: string;
}

/** The next step of the control loop. Each is safe to repeat and safe to lose. */
export type Action =
  /** Compare-and-set of the slot as observed. */
  | { kind: 'slot'; change: string; next: Slot }
  | { kind: 'start'; spec: RunSpec }
  /** Notes in the slot why, then stops the VM. */
  | { kind: 'stop'; runId: string; reason: StopReason }
  /** Repeats a stop call without an answer while the VM is off, so that it cannot stop the VM later. */
  | { kind: 'settle-stop' }
  | ({ kind: 'revoke' } & Revocation)
  /** Ends a run by what its outcome says. */
  | { kind: 'evaluate-outcome'; spec: RunSpec; attempt: number; outcome: Outcome | { malformed: string } }
  /** Ends a run that has no outcome. */
  | { kind: 'finish'; final: Final }
  /** Writes summary, latest pointer and status of a finished run. */
  | { kind: 'record'; run: RunFacts & { final: Final } }
  /** Saves the serial console of a VM that died of an attempt. */
  | { kind: 'save-console'; runId: string; attempt: number }
  | { kind: 'report-damage'; damage: Damage }
  /** Reports a VM that is on without a run; stops it. */
  | { kind: 'report-orphan'; orphan: Orphan }
  | { kind: 'stop-orphan'; orphan: Orphan }
  /** Brings status.json up to date. */
  | { kind: 'refresh'; status: Status }
  | { kind: 'notify'; event: string; draft: NotificationDraft }
  | Wait;

export type NotificationDraft =
  | { event: 'queued'; status: Status; behind: string }
  | { event: 'start-delayed'; status: Status; error: string; machineTypes: string[]; giveUpAt: string }
  /** The VM of its first attempt that came on. */
  | { event: 'started'; status: Status; spec: RunSpec; machineType: string; attempt: number }
  | { event: 'retrying'; status: Status; reason: string }
  /** `overtakes`: notifications that have not been sent by then, and never will be. */
  | { event: 'finished'; status: Status; overtakes: string[] }
  | { event: 'vm-off'; status: Status }
  | { event: 'cancel-too-late'; status: Status };

export function slotChange(change: string, next: Slot): Action {
  return { kind: 'slot', change, next };
}

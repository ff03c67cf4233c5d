import type { Claim, Heartbeat, Outcome } from '../model/attempt.ts';
import type { Cancel } from '../model/cancel.ts';
import type { Final } from '../model/final.ts';
import type { QueuedRun, Slot } from '../model/slot.ts';
import type { RunSpec } from '../model/spec.ts';
import type { Status } from '../model/status.ts';
import type { InstanceFacts } from '../ports/instance.ts';
import type { Damage } from '../records/documents.ts';

/** What was read of one run. */
export interface RunFacts {
  spec: RunSpec;
  final?: Final;
  /** `problem`: cancel.json cannot be read, but somebody has created it. */
  cancel?: Cancel & { problem?: string };
  /** status.json as it stands. */
  status?: Status;
  /** Notifications that Slack accepted. */
  notified: ReadonlySet<string>;
  /** Attempts whose serial console was saved. */
  savedConsoles: ReadonlySet<number>;
}

/** A place in the queue; `run` is absent where its objects are gone. */
export interface WaitingFacts {
  entry: QueuedRun;
  run?: RunFacts;
}

/** What was read of the run that holds the slot, and of its current attempt. */
export interface ActiveFacts extends RunFacts {
  claim?: Claim;
  heartbeat?: Heartbeat;
  outcome?: Outcome | { malformed: string };
}

/**
 * Everything that a decision is made of. The order of reading matters: the claim before the instance (a claim seen, then the VM
 * seen off: that boot has ended), the outcome after it (no outcome then: there will never be one).
 */
export interface Observed {
  now: Date;
  slot: Slot;
  /** Undefined: it could not be read. Unknown is not dead. */
  instance: InstanceFacts | undefined;
  /** Why it never will be readable as things are: no such instance, or no permission. A person must act. */
  refusal?: string | undefined;
  /** Absent where nothing holds the slot, or where the objects of the run that does are gone. */
  active?: ActiveFacts;
  /** Objects that do not match their schemas, and have not been reported. */
  damages: Damage[];
  /** Those that were read, in the order of the queue; its head is always among them. */
  waiting: WaitingFacts[];
  /** Runs outside the slot that the caller asked about. */
  others: RunFacts[];
  /** Notifications (`<runId>/<event>`) that failed in this pass: left to a later one. */
  undelivered: ReadonlySet<string>;
}

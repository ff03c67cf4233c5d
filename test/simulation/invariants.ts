import { isDeepStrictEqual } from 'node:util';
import { TransientError } from '../../shared/errors.ts';
import type { Claim, Outcome } from '../../shared/model/attempt.ts';
import type { Final } from '../../shared/model/final.ts';
import { finalName, notifiedName, outcomeName, specName } from '../../shared/model/layout.ts';
import type { Notification } from '../../shared/model/notification.ts';
import type { Slot } from '../../shared/model/slot.ts';
import type { RunSpec } from '../../shared/model/spec.ts';
import type { Status } from '../../shared/model/status.ts';
import { callId } from '../../shared/reconcile/request-id.ts';
import type { MemoryBucket } from '../fakes/memory-bucket.ts';
import { holdsSecret } from './secrets.ts';

/** What must hold after every step, by the numbers of docs/reference/simulation.md. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** Watches every effect of a simulation, and keeps the first one that breaks an invariant. */
export class Invariants {
  violation: InvariantViolation | undefined;
  readonly #bucket: MemoryBucket;
  readonly #isVmOn: () => boolean;
  readonly #workStarts = new Map<string, number>();
  /** Request ids of the calls that switched the VM on. */
  readonly #starts = new Set<string>();
  /** Attempts whose work was done by the start that was meant for them. */
  readonly #workedAsMeant = new Set<string>();
  /** Notifications that do not say that they may be a repetition. */
  readonly #toldFirst = new Set<string>();

  constructor(bucket: MemoryBucket, isVmOn: () => boolean) {
    this.#bucket = bucket;
    this.#isVmOn = isVmOn;
  }

  /** A VM begins to work, switched on by the call `startedBy` or by nobody. */
  workStarts(runId: string, attempt: number, startedBy: string | undefined): void {
    if (isStartOf(runId, attempt, startedBy)) this.#workedAsMeant.add(`${runId} attempt ${attempt}`);
    this.#watch(() => this.#workStart(runId, attempt));
  }

  #workStart(runId: string, attempt: number): void {
    this.#working = runId;
    const key = `${runId} attempt ${attempt}`;
    const times = (this.#workStarts.get(key) ?? 0) + 1;
    this.#workStarts.set(key, times);
    if (times > 1) violated('I1', `work on ${key} starts a second time`);
    if (this.#bucket.json(finalName(runId)))
      violated('I2', `work on ${key} starts although the run is final`);
    const claim = this.#bucket.json(`runs/${runId}/attempt-${attempt}/claim.json`) as Claim | undefined;
    if (claim?.by === 'control-plane') violated('I2', `work on ${key} starts although it was revoked`);
    const spec = this.#bucket.json(specName(runId)) as RunSpec | undefined;
    if (attempt > (spec?.maxAttempts ?? 0)) violated('I8', `${key} is beyond maxAttempts`);
  }

  /** A call switches the VM on. */
  switchesOn(requestId: string): void {
    this.#starts.add(requestId);
  }

  /**
   * A VM has booted and finds this attempt in its metadata. Only a call that was meant for the attempt counts: a function that was
   * held up for long may have put old metadata under somebody else's start, which costs that one a boot and does no harm.
   */
  boots(runId: string, attempt: number, startedBy: string | undefined): void {
    this.#watch(() => this.#boot(runId, attempt, startedBy));
  }

  #boot(runId: string, attempt: number, startedBy: string | undefined): void {
    if (!isStartOf(runId, attempt, startedBy)) return;
    // A VM that came on by itself, or by the late start of another run, may have done the work before the call that was to start it.
    if (!this.#workedAsMeant.has(`${runId} attempt ${attempt}`)) return;
    if (this.#bucket.json(outcomeName(runId, attempt)))
      violated('W', `the VM is booted for ${runId} attempt ${attempt}, which has its outcome`);
  }

  /** An object is about to be written. */
  writes(name: string, text: string): void {
    this.#watch(() => {
      if (holdsSecret(text)) violated('I12', `${name} holds a secret`);
      if (name.startsWith('control/')) this.#slotWritten(name, JSON.parse(text));
      if (name.endsWith('/final.json')) this.#finalWritten(name, JSON.parse(text));
      if (name.endsWith('/status.json')) this.#statusWritten(name, JSON.parse(text));
    });
  }

  /** A function that has looked at the VM stops it. Times in milliseconds. */
  stops(lookedAt: number, heldSince: number | undefined): void {
    if (heldSince === undefined || heldSince > lookedAt) return;
    this.#watch(() => violated('I7', 'the VM is stopped although a person holds it'));
  }

  /** A stop that was decided on for an earlier boot takes effect on the one that the start call `startedBy` made. */
  stopsLaterBoot(startedBy: string | undefined): void {
    this.#watch(() => {
      const { active } = (this.#bucket.json('control/vicinity-batch.json') ?? {}) as Partial<Slot>;
      if (active && isStartOf(active.runId, active.attempt, startedBy))
        violated('I14', `${active.runId} attempt ${active.attempt} is stopped by a call for an earlier boot`);
    });
  }

  /** Metadata of one attempt replaces what the VM was given for another. */
  metadataSet(items: Record<string, string>, current: Record<string, string>): void {
    this.#watch(() => {
      const { active } = (this.#bucket.json('control/vicinity-batch.json') ?? {}) as Partial<Slot>;
      const isActive = ({ RUN_ID, ATTEMPT }: Record<string, string>) =>
        RUN_ID === active?.runId && ATTEMPT === String(active?.attempt);
      if (isActive(current) && !isActive(items))
        violated(
          'I14',
          `metadata of ${items.RUN_ID} replaces that of ${current.RUN_ID}, which holds the slot`,
        );
    });
  }

  /** Something is said outside the bucket: in metadata, to Slack, in a log. */
  tells(where: string, text: string): void {
    if (!holdsSecret(text)) return;
    this.#watch(() => violated('I12', `${where} holds a secret: ${text}`));
  }

  /** Slack gets a notification of a run. Of several that are the same, all but one say so: one of them may have been held up. */
  notifies(notification: Notification): void {
    if (!('status' in notification) || notification.resend) return;
    const { event, status } = notification;
    const reason = 'reason' in notification ? notification.reason : '';
    const key = [event, 'of', status.runId, status.attempt, reason].join(' ');
    if (this.#toldFirst.has(key))
      this.#watch(() => violated('I10', `${key} is told twice, and neither says so`));
    this.#toldFirst.add(key);
  }

  /** A function has failed. Pub/Sub delivers its message again, which helps against passing faults only. */
  fails(error: Error): void {
    if (error instanceof TransientError) return;
    this.#watch(() => violated('E', `a function failed for good: ${error.stack}`));
  }

  /** finish-run has acknowledged the completion of an attempt. */
  completionHandled(runId: string): void {
    this.#watch(() => {
      if (!this.#bucket.json(finalName(runId)))
        violated('I6', `finish-run acknowledged ${runId}, and it is not final`);
    });
  }

  /** Everything must have come to rest. */
  ends(): void {
    this.#watch(() => this.#atRest());
  }

  isAtRest(): boolean {
    try {
      this.#atRest();
      return true;
    } catch (error) {
      if (error instanceof InvariantViolation) return false;
      throw error;
    }
  }

  #atRest(): void {
    const names = this.#bucket.names();
    const runIds = names
      .filter((name) => name.endsWith('/spec.json'))
      .map((name) => name.split('/')[1] ?? '');
    for (const runId of runIds) {
      if (!names.includes(finalName(runId))) violated('I6', `${runId} was accepted and never ends`);
      if (!names.includes(`runs/${runId}/notified/finished.json`))
        violated('I10', `nobody was told how ${runId} ended`);
      const { tellStart } = this.#bucket.json(specName(runId)) as RunSpec;
      if (tellStart && !names.includes(notifiedName(runId, 'started')))
        violated('I10', `nobody was told that ${runId} started, and nothing says why`);
    }
    const triggers = runIds.map((runId) => (this.#bucket.json(specName(runId)) as RunSpec).trigger);
    if (new Set(triggers).size < triggers.length)
      violated('I11', `one trigger gave two runs: ${triggers.join(', ')}`);
    if (this.#isVmOn()) violated('I7', 'the VM is on, and nothing runs');
    const slot = this.#bucket.json('control/vicinity-batch.json') as Slot | undefined;
    if (slot?.active || slot?.queue.length) violated('I13', `the slot is not free: ${JSON.stringify(slot)}`);
  }

  /** Nobody looks at a finished run again once its VM was seen off: what is lost then is lost for good. */
  #statusWritten(name: string, after: Status): void {
    const before = this.#bucket.json(name) as Status | undefined;
    if (before?.vm.terminatedSeenAt && !after.vm.terminatedSeenAt)
      violated('P', `${name} loses the proof that the VM is off`);
  }

  #slotWritten(name: string, after: Slot): void {
    const before = (this.#bucket.json(name) ?? { queue: [] }) as Slot;
    const left = before.active;
    if (left && after.active?.runId !== left.runId) {
      if (!this.#bucket.json(finalName(left.runId)))
        violated('I4', `${left.runId} loses the slot without being final`);
      if (this.#isWorking(left.runId)) violated('I4', `${left.runId} loses the slot while its VM is on`);
    }
    if (left && after.active?.runId === left.runId && after.active.attempt < left.attempt)
      violated('I8', 'an attempt comes back');
    this.#queueMoves(before, after);
  }

  /** First in, first out: the queue only loses its head to the slot, or a run that has ended; and only grows at its end. */
  #queueMoves(before: Slot, after: Slot): void {
    const ids = (slot: Slot) => slot.queue.map((entry) => entry.runId);
    const gone = ids(before).filter((runId) => !ids(after).includes(runId));
    for (const runId of gone) {
      const started = after.active?.runId === runId && ids(before)[0] === runId;
      if (!started && !this.#bucket.json(finalName(runId)))
        violated('I13', `${runId} is lost from the queue`);
    }
    const kept = ids(before).filter((runId) => ids(after).includes(runId));
    if (!isDeepStrictEqual(kept, ids(after).slice(0, kept.length)))
      violated('I13', 'the queue changes its order');
    if (new Set(ids(after)).size < after.queue.length) violated('I13', 'a run is in the queue twice');
    if (after.active && ids(after).includes(after.active.runId)) violated('I13', 'the active run also waits');
  }

  #finalWritten(name: string, final: Final): void {
    if (this.#bucket.get(name)) violated('I5', `final.json of ${final.runId} changes`);
    const outcome = this.#bucket.json(outcomeName(final.runId, final.attempt)) as Outcome | undefined;
    if (final.status === 'succeeded') {
      if (outcome?.exitCode !== 0) violated('I9', `${final.runId} succeeded without exit code 0`);
      for (const { name, bytes, crc32c } of outcome.manifest) {
        const info = this.#bucket.get(name)?.info;
        if (info?.bytes !== bytes || info.crc32c !== crc32c)
          violated('I9', `${final.runId} succeeded without ${name} as it was uploaded`);
      }
    }
    if (final.exitCode !== undefined && outcome?.attempt !== final.attempt)
      violated('I3', `${final.runId} ends by another attempt`);
    const untold = /went off (\d) times/.exec(final.reason ?? '');
    if (!untold) return;
    const starts = [...startIds(final.runId, final.attempt)].filter((id) => this.#starts.has(id)).length;
    if (starts < Number(untold[1]))
      violated('W', `${final.runId}: "${final.reason}", but it was switched on ${starts} times`);
  }

  #isWorking(runId: string): boolean {
    return this.#isVmOn() && this.#working === runId;
  }

  #working: string | undefined;

  vmIsOff(): void {
    this.#working = undefined;
  }

  /** A violation ends the simulation; the process that caused it must not be able to handle it. */
  #watch(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      this.violation ??= error;
    }
  }
}

/** More start calls than one attempt ever has. */
const MAX_STARTS = 30;

function* startIds(runId: string, attempt: number): Generator<string, void> {
  for (let call = 1; call <= MAX_STARTS; call += 1) yield callId(runId, attempt, call);
}

function isStartOf(runId: string, attempt: number, requestId: string | undefined): boolean {
  return startIds(runId, attempt).some((id) => id === requestId);
}

function violated(invariant: string, what: string): never {
  throw new InvariantViolation(`${invariant}: ${what}`);
}

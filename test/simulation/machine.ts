import type { InstanceFacts, InstanceStatus, StartResult } from '../../shared/ports/instance.ts';
import type { SimulatedFaults } from './faults.ts';
import type { Invariants } from './invariants.ts';
import type { Mutation } from './mutations.ts';
import { Process, type Scheduler } from './scheduler.ts';
import { SECRETS, TALKATIVE_LOG } from './secrets.ts';

const MAX_BOOT_MS = 60_000;
const OPERATION_MS = 5000;

/** The instance as Compute Engine sees it: effects only; the ports of the processes add turns and most faults. */
export class Machine {
  readonly name = 'vicinity-batch';
  readonly zone = 'us-east4-c';
  status: InstanceStatus = 'TERMINATED';
  machineType = 'c4d-highcpu-32';
  metadata: Record<string, string> = {};
  metadataVersion = 1;
  maxRunSeconds: number | undefined;
  lastStartedAt: string | undefined;
  lastStoppedAt: string | undefined;
  /** A person keeps the VM on since then, in milliseconds. */
  heldSince: number | undefined;
  /** Request id of the call that switched it on; undefined where it came on by itself. */
  startedBy: string | undefined;
  /** The booted machine's own process. */
  guest: Process | undefined;
  readonly #scheduler: Scheduler;
  readonly #faults: SimulatedFaults;
  readonly #mutation: Mutation | undefined;
  readonly #seen = new Map<string, StartResult>();
  readonly #stopped = new Set<string>();
  readonly #firstIds = new Map<string, string>();
  readonly #boot: (guest: Process) => void;
  invariants: Invariants | undefined;

  constructor(
    scheduler: Scheduler,
    faults: SimulatedFaults,
    mutation: Mutation | undefined,
    boot: (guest: Process) => void,
  ) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#mutation = mutation;
    this.#boot = boot;
  }

  facts(): InstanceFacts {
    const { machineType, metadata, maxRunSeconds, lastStartedAt, lastStoppedAt } = this;
    return {
      status: this.#mutation === 'vm-off' ? 'TERMINATED' : this.status,
      machineType,
      metadata: { ...metadata },
      metadataVersion: String(this.metadataVersion),
      isSpot: false,
      labels: this.heldSince === undefined ? {} : { 'vicinity-hold': 'true' },
      ...(maxRunSeconds && { maxRunSeconds }),
      ...(lastStartedAt && { lastStartedAt }),
      ...(lastStoppedAt && { lastStoppedAt }),
    };
  }

  /** A person sets the label and the metadata key. */
  hold(): void {
    this.heldSince = this.#scheduler.now;
    this.setMetadata({ VICINITY_HOLD: 'true' });
  }

  letGo(): void {
    this.heldSince = undefined;
    this.setMetadata({ VICINITY_HOLD: '' });
  }

  setMetadata(items: Record<string, string>): void {
    this.metadataVersion += 1;
    Object.assign(this.metadata, items);
  }

  setMachineType(machineType: string): void {
    if (this.isOn) throw new Error('The machine type of a running instance cannot be changed.');
    this.machineType = machineType;
  }

  setTimeLimit(seconds: number): void {
    if (this.isOn) throw new Error('The scheduling of a running instance cannot be changed.');
    this.maxRunSeconds = seconds;
  }

  serialOutput(): string {
    return TALKATIVE_LOG;
  }

  start(calledId: string): StartResult {
    const requestId = this.#restartId(calledId);
    const earlier = this.#seen.get(requestId);
    if (earlier && this.#mutation !== 'start-request-id') return earlier;
    const result = this.#tryStart();
    this.#seen.set(requestId, result);
    if (result.started && this.status === 'TERMINATED') this.#powerOn('VM started by a call', requestId);
    return result;
  }

  #tryStart(): StartResult {
    if (this.#faults.strikes('out of stock'))
      return { started: false, error: 'ZONE_RESOURCE_POOL_EXHAUSTED', message: 'None left.' };
    if (this.#faults.strikes('start refused'))
      return { started: false, error: 'QUOTA_EXCEEDED', message: `Too many, says ${SECRETS.slackToken}.` };
    return { started: true };
  }

  /** Without `startSeq` every start of an attempt has the request id of the first. */
  #restartId(requestId: string): string {
    if (this.#mutation !== 'start-seq') return requestId;
    const attempt = `${this.metadata.RUN_ID} ${this.metadata.ATTEMPT}`;
    const first = this.#firstIds.get(attempt) ?? requestId;
    this.#firstIds.set(attempt, first);
    return first;
  }

  /** Returns whether the call has an effect. */
  stop(requestId: string): boolean {
    const isRepeated = this.#stopped.has(requestId);
    this.#stopped.add(requestId);
    if (isRepeated && this.#mutation !== 'stop-request-id') return false;
    if (this.status !== 'RUNNING') return false;
    this.status = 'STOPPING';
    const { guest } = this;
    this.#scheduler.at(OPERATION_MS, () => this.powerOff(guest));
    return true;
  }

  /** The power is gone: by the guest's own wish, a stop, preemption or a host error. */
  powerOff(guest: Process | undefined): void {
    if (!guest || guest !== this.guest) return;
    this.#scheduler.kill(guest);
    this.guest = undefined;
    this.status = 'TERMINATED';
    this.lastStoppedAt = this.#time();
    this.invariants?.vmIsOff();
    // An automatic restart, or a person with the console: it finds the metadata of the run before.
    if (this.#faults.strikes('VM boots by itself')) {
      this.#scheduler.at(MAX_BOOT_MS, () => {
        if (this.status === 'TERMINATED') this.#powerOn('VM booted by itself');
      });
    }
  }

  /** Milliseconds of true time. */
  get now(): number {
    return this.#scheduler.now;
  }

  get isOn(): boolean {
    return this.status !== 'TERMINATED';
  }

  #powerOn(why: string, requestId?: string): void {
    const guest = new Process(why);
    this.startedBy = requestId;
    if (requestId) this.invariants?.switchesOn(requestId);
    this.guest = guest;
    this.status = 'RUNNING';
    this.lastStartedAt = this.#time();
    const limit = this.maxRunSeconds;
    if (limit) this.#scheduler.at(limit * 1000, () => this.powerOff(guest));
    this.#scheduler.at(MAX_BOOT_MS / 2, () => {
      if (!guest.dead) this.#boot(guest);
    });
  }

  #time(): string {
    return new Date(this.#scheduler.now).toISOString();
  }
}

import { finishRun } from '../../functions/finish-run/finish-run.ts';
import { startRun } from '../../functions/start-run/start-run.ts';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { configSchema } from '../../shared/config/schema.ts';
import { TransientError } from '../../shared/errors.ts';
import type { Notifier } from '../../shared/ports/notifier.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { Dependencies } from '../../shared/reconcile/dependencies.ts';
import { MemoryObjects } from '../fakes/memory-objects.ts';
import { packageOf } from '../fakes/source-package.ts';
import type { Choices } from './choices.ts';
import { SimulatedFaults } from './faults.ts';
import { guest } from './guest.ts';
import { Invariants, InvariantViolation } from './invariants.ts';
import { instanceOf, Machine } from './machine.ts';
import { type Message, Messages } from './messages.ts';
import type { Mutation } from './mutations.ts';
import { type Process, Scheduler } from './scheduler.ts';

const SWEEP_MS = 600_000;
const TROUBLED_SWEEPS = 24;
const QUIET_SWEEPS = 60;
const MAX_STEPS = 20_000;
const LONGEST_STALL_MS = 1_800_000;
const SKEW_MS = 7_200_000;

const config = configSchema.parse({
  limits: { maxDuration: '30m', startWithin: '30m', maxAttempts: 2, maxAge: '12h' },
  fallbackMachineTypes: ['c4d-highcpu-96'],
});
const source = await packageOf({ Makefile: 'all:\n' });

export interface Outcome {
  steps: number;
  faults: Map<string, number>;
  violation: InvariantViolation | undefined;
}

/** One life of the control plane: a few requests, everything that may go wrong, then quiet until all is settled. */
export class Simulation {
  readonly #choices: Choices;
  readonly #mutation: Mutation | undefined;
  readonly #scheduler: Scheduler;
  readonly #faults: SimulatedFaults;
  readonly #objects: MemoryObjects;
  readonly #machine: Machine;
  readonly #messages: Messages;
  readonly #invariants: Invariants;
  readonly #firstIds = new Map<string, string>();
  #violation: InvariantViolation | undefined;

  constructor(choices: Choices, mutation?: Mutation) {
    this.#choices = choices;
    this.#mutation = mutation;
    this.#scheduler = new Scheduler(choices);
    this.#faults = new SimulatedFaults(choices);
    const trueTime = { now: () => new Date(this.#scheduler.now), sleep: async () => {} };
    this.#objects = new MemoryObjects(trueTime);
    this.#machine = new Machine(this.#scheduler, this.#faults, mutation, (process) => this.#boot(process));
    this.#messages = new Messages(this.#scheduler, this.#faults, choices, (process, message) =>
      this.#handle(process, message),
    );
    this.#invariants = new Invariants(this.#objects, () => this.#machine.isOn);
    this.#machine.invariants = this.#invariants;
    this.#objects.write(`src/${source.sha256}.tar.gz`, source.bytes);
    this.#objects.write('src/latest.json', JSON.stringify({ sha256: source.sha256 }));
  }

  async run(): Promise<Outcome> {
    this.#ask();
    this.#sweep(0);
    const { isSettled } = this;
    while (!this.#violation && this.#scheduler.steps < MAX_STEPS && !isSettled.call(this)) await this.#step();
    this.#observing(() => this.#invariants.atRest());
    return { steps: this.#scheduler.steps, faults: this.#faults.counts, violation: this.#violation };
  }

  /** Mostly somebody goes on; now and then a call takes so long that something else falls due first. */
  async #step(): Promise<void> {
    const isSlow = this.#scheduler.isBusy && this.#choices.chance(3);
    if (this.#scheduler.isBusy && !isSlow) return this.#scheduler.step();
    if (!(await this.#scheduler.wake()) && !this.#scheduler.isBusy)
      throw new Error('The simulation stands still.');
  }

  isSettled(): boolean {
    return this.#isQuiet && this.#messages.pending === 0 && !this.#scheduler.isBusy;
  }

  #isQuiet = false;

  /** One to three requests, perhaps one of them twice or skipping, perhaps a cancellation. */
  #ask(): void {
    const requests = 1 + this.#choices.pick(3);
    for (let index = 0; index < requests; index += 1) {
      const requestId = this.#choices.chance(10) ? 'same' : `request-${index}`;
      const onBusy = this.#choices.chance(15) ? 'skip' : 'queue';
      const ms = this.#choices.pick(1_200_000);
      this.#scheduler.at(ms, () => this.#messages.publish('run', { requestId, onBusy }));
      if (this.#choices.chance(25)) {
        const later = ms + this.#choices.pick(1_200_000);
        this.#scheduler.at(later, () => this.#messages.publish('run', { action: 'cancel', requestId }));
      }
    }
  }

  #sweep(count: number): void {
    if (count === TROUBLED_SWEEPS) this.#faults.stop();
    if (count > TROUBLED_SWEEPS && (this.#isAtRest() || count > TROUBLED_SWEEPS + QUIET_SWEEPS)) {
      this.#isQuiet = true;
      return;
    }
    this.#messages.publish('sweep', {});
    this.#scheduler.at(SWEEP_MS, () => this.#sweep(count + 1));
  }

  #isAtRest(): boolean {
    if (this.#messages.pending > 0) return false;
    try {
      this.#invariants.atRest();
      return true;
    } catch {
      return false;
    }
  }

  async #handle(process: Process, message: Message): Promise<void> {
    const deps = this.#dependencies(process);
    const data = Buffer.from(JSON.stringify(message.data)).toString('base64');
    const event = { message: { data, messageId: message.messageId, publishTime: message.publishTime } };
    if (message.topic === 'run') await startRun(deps, config, event);
    else if (message.topic === 'sweep') await sweepRuns(deps);
    else {
      await finishRun(deps, event);
      const { runId } = message.data as { runId: string };
      if (!process.dead) this.#observing(() => this.#invariants.completionHandled(runId));
    }
  }

  #boot(process: Process): void {
    process.running = true;
    const machine = this.#machine;
    const done = guest({
      process,
      scheduler: this.#scheduler,
      choices: this.#choices,
      objects: this.#objects,
      messages: this.#messages,
      invariants: this.#guarded(this.#invariants),
      mutation: this.#mutation,
      metadata: () => ({ ...machine.metadata }),
      startedBy: () => machine.startedBy,
      powerOff: () => machine.powerOff(process),
      call: (effect) =>
        this.#call(process, effect, () => this.#faults.strikes('VM dies') && machine.powerOff(process)),
    });
    done.finally(() => {
      process.ended = true;
      process.running = false;
    });
  }

  #dependencies(process: Process): Dependencies {
    const skew = this.#faults.strikes('clock wrong') ? this.#choices.pick(2 * SKEW_MS) - SKEW_MS : 0;
    const call = <T>(effect: () => T | Promise<T>): Promise<T> =>
      this.#call(process, effect, () => {
        if (this.#faults.strikes('function killed')) this.#scheduler.kill(process);
      });
    return {
      objects: this.#objectsOf(call),
      instance: instanceOf(this.#machine, call as <T>(effect: () => T) => Promise<T>, (id) =>
        this.#restartId(id),
      ),
      notifier: this.#notifierOf(call),
      clock: {
        now: () => new Date(this.#scheduler.now + skew),
        sleep: (ms) => this.#scheduler.sleep(process, ms),
      },
      finishedTopic: 'projects/p/topics/vicinity-run-finished',
      log: () => {},
    };
  }

  /** An outside call: waits for its turn, may fail on either side of its effect, and may be the last of its process. */
  async #call<T>(process: Process, effect: () => T | Promise<T>, afterwards: () => void): Promise<T> {
    await this.#scheduler.turn(process);
    if (this.#faults.strikes('function stalls')) {
      await this.#scheduler.sleep(process, this.#choices.pick(LONGEST_STALL_MS));
      await this.#scheduler.turn(process);
    }
    if (this.#faults.strikes('call fails before its effect')) throw new TransientError('A fault on demand.');
    const result = await effect();
    afterwards();
    if (process.dead) return new Promise(() => {});
    if (this.#faults.strikes('call fails after its effect')) throw new TransientError('A fault on demand.');
    return result;
  }

  #objectsOf(call: <T>(effect: () => T | Promise<T>) => Promise<T>): ObjectStore {
    const objects = this.#objects;
    const checked = (name: string, text: string) =>
      this.#observing(() => this.#invariants.writes(name, text));
    const mutation = this.#mutation;
    return {
      bucket: objects.bucket,
      read: (name) => call(() => objects.read(name)),
      readTail: (name, bytes) => call(() => objects.readTail(name, bytes)),
      open: (name) => call(() => objects.open(name)),
      stat: (name) => call(() => objects.stat(name)),
      list: (options) => call(() => objects.list(options)),
      listFolders: (options) => call(() => objects.listFolders(options)),
      put: (name, text) => call(() => objects.put(name, text)),
      create: (name, text) =>
        call(async () => {
          const overwrites = mutation === 'create-once-final' && name.endsWith('/final.json');
          if (!overwrites && objects.json(name)) return 'exists' as const;
          checked(name, text);
          objects.write(name, text);
          return 'created' as const;
        }),
      replace: (name, text, generation) =>
        call(async () => {
          const current = await objects.read(name);
          if (mutation !== 'slot-cas' && current?.generation !== generation) return 'conflict' as const;
          checked(name, text);
          objects.write(name, text);
          return 'replaced' as const;
        }),
    };
  }

  #notifierOf(call: <T>(effect: () => T | Promise<T>) => Promise<T>): Notifier {
    return {
      notify: () =>
        call(() => {
          if (this.#faults.strikes('Slack down')) throw new TransientError('Slack cannot be reached.');
          return { delivered: true as const };
        }),
    };
  }

  #restartId(id: string): string {
    if (this.#mutation !== 'start-seq') return id;
    const { RUN_ID, ATTEMPT } = this.#machine.metadata;
    const key = `${RUN_ID} ${ATTEMPT}`;
    const first = this.#firstIds.get(key) ?? id;
    this.#firstIds.set(key, first);
    return first;
  }

  /** A violation ends the simulation; the process that caused it must not be able to handle it. */
  #observing(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      this.#violation ??= error;
    }
  }

  #guarded(invariants: Invariants): Invariants {
    const guarded = Object.create(invariants) as Invariants;
    guarded.boots = (...args) => this.#observing(() => invariants.boots(...args));
    guarded.workStarts = (...args) => this.#observing(() => invariants.workStarts(...args));
    guarded.vmWorksFor = (runId) => invariants.vmWorksFor(runId);
    return guarded;
  }
}

import { finishRun } from '../../functions/finish-run/finish-run.ts';
import { startRun } from '../../functions/start-run/start-run.ts';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { configSchema } from '../../shared/config/schema.ts';
import type { Dependencies } from '../../shared/reconcile/dependencies.ts';
import { failureEntry, type LogEntry, logText } from '../../shared/runtime/log.ts';
import { MemoryBucket } from '../fakes/memory-bucket.ts';
import { packageOf } from '../fakes/source-package.ts';
import { type Call, callsOf, type Trace } from './calls.ts';
import type { Choices } from './choices.ts';
import { Conflicts } from './conflicts.ts';
import { type FaultKind, SimulatedFaults } from './faults.ts';
import { guest } from './guest.ts';
import { Invariants, type InvariantViolation } from './invariants.ts';
import { Machine } from './machine.ts';
import { type Message, Messages } from './messages.ts';
import type { Mutation } from './mutations.ts';
import { instanceOf, notifierOf, objectsOf } from './ports.ts';
import { type Process, Scheduler, settled } from './scheduler.ts';
import { SECRETS } from './secrets.ts';

const SWEEP_MS = 600_000;
const TROUBLED_SWEEPS = 24;
const QUIET_SWEEPS = 60;
/** A day with many faults of every kind ends here, so that what comes to rest comes to rest before MAX_STEPS. */
const TROUBLED_STEPS = 8000;
const MAX_STEPS = 20_000;
const MAX_HOLD_MS = 7_200_000;
const SKEW_MS = 7_200_000;

const config = configSchema.parse({
  limits: { maxDuration: '30m', startWithin: '30m', maxAttempts: 2, maxAge: '12h' },
  fallbackMachineTypes: ['c4d-highcpu-96'],
});
const source = await packageOf({ Makefile: 'all:\n' });

/** What people paste into requests that does not belong there. */
const BAD = [
  { params: { TOKEN: SECRETS.slackToken } },
  { target: SECRETS.slackToken },
  { requestedBy: SECRETS.webhook },
];

export interface Outcome {
  steps: number;
  faults: Map<string, number>;
  violation: InvariantViolation | undefined;
}

export interface SimulationOptions {
  mutation?: Mutation | undefined;
  trace?: Trace | undefined;
}

/** One life of the control plane: a few requests, everything that may go wrong, then quiet until all is settled. */
export class Simulation {
  readonly #choices: Choices;
  readonly #mutation: Mutation | undefined;
  readonly #trace: Trace | undefined;
  readonly #scheduler: Scheduler;
  readonly #faults: SimulatedFaults;
  readonly #bucket: MemoryBucket;
  readonly #conflicts: Conflicts;
  readonly #machine: Machine;
  readonly #messages: Messages;
  readonly #invariants: Invariants;
  #config = config;
  #isQuiet = false;

  constructor(choices: Choices, { mutation, trace }: SimulationOptions = {}) {
    this.#choices = choices;
    this.#mutation = mutation;
    this.#scheduler = new Scheduler(choices);
    this.#trace = trace && ((line) => trace(`${this.#now().toISOString()} ${line}`));
    this.#faults = new SimulatedFaults(choices);
    this.#bucket = new MemoryBucket(() => this.#now());
    this.#conflicts = new Conflicts(this.#bucket, mutation);
    this.#machine = new Machine(this.#scheduler, this.#faults, mutation, (process) => this.#boot(process));
    this.#messages = new Messages(this.#scheduler, this.#faults, choices, this.#trace, (process, message) =>
      this.#handle(process, message),
    );
    this.#invariants = new Invariants(this.#bucket, () => this.#machine.isOn);
    this.#machine.invariants = this.#invariants;
    this.#bucket.write(`src/${source.sha256}.tar.gz`, source.bytes);
    this.#bucket.write('src/latest.json', JSON.stringify({ sha256: source.sha256 }));
  }

  async run(): Promise<Outcome> {
    this.#ask();
    this.#perhapsHold();
    this.#sweep(0);
    await settled(0);
    while (!this.#isOver()) await this.#scheduler.untilItWaits(this.#letOneGo());
    this.#invariants.ends();
    const { violation } = this.#invariants;
    return { steps: this.#scheduler.steps, faults: this.#faults.counts, violation };
  }

  /** Mostly somebody goes on; now and then a call takes so long that something else falls due first. */
  #letOneGo(): Process {
    const isBusy = this.#scheduler.isBusy;
    const isSlow = isBusy && this.#choices.chance(3);
    const first = isBusy && !isSlow ? undefined : this.#scheduler.wake();
    const process = first ?? (isBusy ? this.#scheduler.step() : undefined);
    if (!process) throw new Error('The simulation stands still.');
    return process;
  }

  #isOver(): boolean {
    if (this.#scheduler.steps === TROUBLED_STEPS) this.#faults.stop();
    if (this.#invariants.violation || this.#scheduler.steps >= MAX_STEPS) return true;
    return this.#isQuiet && this.#messages.pending === 0 && !this.#scheduler.isBusy;
  }

  /** One to three requests of a pipeline that perhaps tells every start, perhaps one of them twice, skipping or bad, perhaps a cancellation. */
  #ask(): void {
    if (this.#choices.chance(50)) this.#config = { ...config, slack: { tellStart: true } };
    const requests = 1 + this.#choices.pick(3);
    for (let index = 0; index < requests; index += 1) {
      const requestId = this.#choices.chance(10) ? 'same' : `request-${index}`;
      const onBusy = this.#choices.chance(15) ? 'skip' : 'queue';
      const ms = this.#choices.pick(1_200_000);
      const bad = this.#choices.chance(10) ? BAD[this.#choices.pick(BAD.length)] : {};
      this.#scheduler.at(ms, () => this.#messages.publish('run', { requestId, onBusy, ...bad }));
      if (this.#choices.chance(25)) {
        const later = ms + this.#choices.pick(1_200_000);
        this.#scheduler.at(later, () => this.#messages.publish('run', { action: 'cancel', requestId }));
      }
    }
  }

  /** A person who looks at something on the VM, for up to two hours. */
  #perhapsHold(): void {
    if (!this.#faults.strikes('VM held')) return;
    const ms = this.#choices.pick(MAX_HOLD_MS);
    this.#scheduler.at(ms, () => this.#machine.hold());
    this.#scheduler.at(ms + this.#choices.pick(MAX_HOLD_MS), () => this.#machine.letGo());
  }

  /** Ends when the faults have ended, or nothing is left that could still happen, and all is at rest. */
  #sweep(count: number): void {
    if (count === TROUBLED_SWEEPS) this.#faults.stop();
    const isOver = count > TROUBLED_SWEEPS || this.#scheduler.isIdle;
    if ((isOver && this.#isAtRest()) || count > TROUBLED_SWEEPS + QUIET_SWEEPS) {
      this.#isQuiet = true;
      return;
    }
    this.#messages.publish('sweep', {});
    this.#scheduler.at(SWEEP_MS, () => this.#sweep(count + 1));
  }

  #isAtRest(): boolean {
    return this.#messages.pending === 0 && this.#invariants.isAtRest();
  }

  async #handle(process: Process, message: Message): Promise<void> {
    try {
      await this.#call(process, message);
    } catch (error) {
      const entry = failureEntry(message.topic, error as Error);
      this.#invariants.tells('a log line', logText('ERROR', entry));
      this.#invariants.fails(error as Error);
      throw error;
    }
  }

  async #call(process: Process, message: Message): Promise<void> {
    const deps = this.#dependencies(process);
    const data = Buffer.from(JSON.stringify(message.data)).toString('base64');
    const event = { message: { data, messageId: message.messageId, publishTime: message.publishTime } };
    if (message.topic === 'run') await startRun(deps, this.#config, event);
    else if (message.topic === 'sweep') await sweepRuns(deps);
    else {
      await finishRun(deps, event);
      const { runId } = message.data as { runId: string };
      if (!process.dead) this.#invariants.completionHandled(runId);
    }
  }

  #boot(process: Process): void {
    process.running = true;
    const machine = this.#machine;
    const done = guest({
      process,
      scheduler: this.#scheduler,
      choices: this.#choices,
      faults: this.#faults,
      bucket: this.#bucket,
      messages: this.#messages,
      invariants: this.#invariants,
      mutation: this.#mutation,
      metadata: () => ({ ...machine.metadata }),
      startedBy: () => machine.startedBy,
      powerOff: () => machine.powerOff(process),
      call: this.#callsOf(process, 'VM dies', () => machine.powerOff(process)),
    });
    done.finally(() => {
      process.ended = true;
      process.running = false;
    });
  }

  #dependencies(process: Process): Dependencies {
    const skew = this.#faults.strikes('clock wrong') ? this.#choices.pick(2 * SKEW_MS) - SKEW_MS : 0;
    const call = this.#callsOf(process, 'function killed', () => this.#scheduler.kill(process));
    const parts = {
      bucket: this.#bucket,
      machine: this.#machine,
      faults: this.#faults,
      invariants: this.#invariants,
      conflicts: this.#conflicts,
      mutation: this.#mutation,
    };
    return {
      objects: objectsOf(call, parts),
      instance: instanceOf(call, parts),
      notifier: notifierOf(call, parts),
      clock: {
        now: () => this.#now(skew),
        sleep: (ms) => new Promise((resolve) => this.#scheduler.sleep(process, ms, resolve)),
        after: (ms, fire) => {
          let isCancelled = false;
          this.#scheduler.sleep(process, ms, () => isCancelled || fire());
          return () => {
            isCancelled = true;
          };
        },
      },
      finishedTopic: 'projects/p/topics/vicinity-run-finished',
      log: (entry) => this.#log(process, entry),
    };
  }

  #callsOf(process: Process, death: FaultKind, die: () => void): Call {
    const parts = {
      scheduler: this.#scheduler,
      faults: this.#faults,
      choices: this.#choices,
      trace: this.#trace,
    };
    return callsOf(process, parts, () => this.#faults.strikes(death) && die());
  }

  #log(process: Process, entry: LogEntry): void {
    const text = logText('INFO', entry);
    this.#trace?.(`${process.name} logs ${text}`);
    this.#invariants.tells('a log line', text);
  }

  #now(skewMs = 0): Date {
    return new Date(this.#scheduler.now + skewMs);
  }
}

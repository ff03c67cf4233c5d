import type { Trace } from './calls.ts';
import type { Choices } from './choices.ts';
import type { SimulatedFaults } from './faults.ts';
import { Process, type Scheduler } from './scheduler.ts';

export interface Message {
  topic: 'run' | 'finished' | 'sweep';
  data: object;
  messageId: string;
  publishTime: string;
}

export type Handle = (process: Process, message: Message) => Promise<void>;

const REDELIVERY_MS = 10_000;
const LATE_MS = 1_800_000;

/** Pub/Sub: delivers each message until it is acknowledged; late, doubled and in any order, as it may. */
export class Messages {
  readonly #scheduler: Scheduler;
  readonly #faults: SimulatedFaults;
  readonly #choices: Choices;
  readonly #handle: Handle;
  readonly #trace: Trace | undefined;
  #published = 0;
  /** Not acknowledged yet. */
  pending = 0;

  constructor(
    scheduler: Scheduler,
    faults: SimulatedFaults,
    choices: Choices,
    trace: Trace | undefined,
    handle: Handle,
  ) {
    this.#trace = trace;
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#choices = choices;
    this.#handle = handle;
  }

  publish(topic: Message['topic'], data: object): void {
    const publishTime = new Date(this.#scheduler.now).toISOString();
    const message = { topic, data, messageId: String(++this.#published), publishTime };
    if (topic === 'finished' && this.#faults.strikes('message lost')) return;
    const copies = this.#faults.strikes('message doubled') ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#deliverLater(message, this.#delay());
  }

  #delay(): number {
    return this.#faults.strikes('message late') ? this.#choices.pick(LATE_MS) : this.#choices.pick(1000);
  }

  #deliverLater(message: Message, ms: number): void {
    this.pending += 1;
    this.#scheduler.at(ms, () => this.#deliver(message));
  }

  #deliver(message: Message): void {
    const process = new Process(`${message.topic} ${message.messageId}`);
    this.#trace?.(`${process.name} is delivered: ${JSON.stringify(message.data)}`);
    this.#scheduler.onDeath(process, () => this.#settle(message, false));
    process.running = true;
    this.#handle(process, message).then(
      () => this.#end(process, message, true),
      () => this.#end(process, message, false),
    );
  }

  #end(process: Process, message: Message, acknowledged: boolean): void {
    process.running = false;
    process.ended = true;
    if (!process.dead) this.#settle(message, acknowledged);
  }

  #settle(message: Message, acknowledged: boolean): void {
    this.pending -= 1;
    if (!acknowledged) this.#deliverLater(message, REDELIVERY_MS);
  }
}

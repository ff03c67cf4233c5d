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

/** A message on its way, for the `tries`-th time. */
interface Delivery {
  message: Message;
  tries: number;
}

/** The subscription's retry policy. */
const LEAST_BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 600_000;
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
    for (let copy = 0; copy < copies; copy += 1) this.#deliverLater({ message, tries: 1 }, this.#delay());
  }

  #delay(): number {
    return this.#faults.strikes('message late') ? this.#choices.pick(LATE_MS) : this.#choices.pick(1000);
  }

  #deliverLater(delivery: Delivery, ms: number): void {
    this.pending += 1;
    this.#scheduler.at(ms, () => this.#deliver(delivery));
  }

  #deliver(delivery: Delivery): void {
    const { message } = delivery;
    const process = new Process(`${message.topic} ${message.messageId}`);
    this.#trace?.(`${process.name} is delivered: ${JSON.stringify(message.data)}`);
    this.#scheduler.onDeath(process, () => this.#settle(delivery, false));
    process.running = true;
    this.#handle(process, message).then(
      () => this.#end(process, delivery, true),
      () => this.#end(process, delivery, false),
    );
  }

  #end(process: Process, delivery: Delivery, acknowledged: boolean): void {
    process.running = false;
    process.ended = true;
    if (!process.dead) this.#settle(delivery, acknowledged);
  }

  #settle({ message, tries }: Delivery, acknowledged: boolean): void {
    this.pending -= 1;
    if (acknowledged) return;
    const pause = Math.min(LEAST_BACKOFF_MS * 2 ** (tries - 1), MAX_BACKOFF_MS);
    this.#deliverLater({ message, tries: tries + 1 }, pause);
  }
}

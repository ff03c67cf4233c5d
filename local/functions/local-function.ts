import type { CloudClock } from '../core/clock.ts';
import type { Reply } from '../http/call.ts';
import { type Forwarded, forward } from './forward.ts';
import type { FunctionProcess } from './function-process.ts';

/** How long an instance that has nothing to do is kept warm, in milliseconds of cloud time. */
export const IDLE_TIMEOUT_MS = 60_000;

export interface LocalFunctionOptions {
  name: string;
  clock: CloudClock;
  start: () => Promise<FunctionProcess>;
  /** How long an event may take; nine minutes unless told. */
  timeoutMs?: number;
}

export interface FunctionState {
  name: string;
  /** Absent while no instance is warm. */
  pid?: number;
  eventsUnderWay: number;
  coldStarts: number;
}

/** One function: an instance is started at the first event, kept warm for a while, and replaced after a crash. */
export class LocalFunction {
  readonly #options: LocalFunctionOptions;
  #starting: Promise<FunctionProcess> | undefined;
  #instance: FunctionProcess | undefined;
  #eventsUnderWay = 0;
  #coldStarts = 0;
  #cancelIdle = () => {};
  #whenIdle: (() => void) | undefined;
  /** Calls to the local cloud's services left until the function is killed. */
  #crashAfterCalls: number | undefined;

  constructor(options: LocalFunctionOptions) {
    this.#options = options;
  }

  get state(): FunctionState {
    return {
      name: this.#options.name,
      ...(this.#instance && { pid: this.#instance.pid }),
      eventsUnderWay: this.#eventsUnderWay,
      coldStarts: this.#coldStarts,
    };
  }

  /** Starts an instance, unless one is warm. Throws what it says where it does not start. */
  async start(): Promise<void> {
    await this.#warm();
    this.#awaitIdle();
  }

  /** The function's answer to an event; 503 where there is none, so that Pub/Sub delivers the event again. */
  async handle(event: Forwarded): Promise<Reply> {
    this.#cancelIdle();
    this.#eventsUnderWay += 1;
    try {
      const instance = await this.#warm();
      const answer = forward(instance.socket, event, this.#options);
      if (this.#crashAfterCalls === 0) this.#crash();
      return (await answer) ?? this.#lost(instance);
    } catch (error) {
      return { status: 503, body: (error as Error).message };
    } finally {
      this.#eventsUnderWay -= 1;
      this.#awaitIdle();
    }
  }

  /** Kills the instance at once; the next event starts another. False where none is warm. */
  kill(): boolean {
    const instance = this.#instance;
    if (!instance) return false;
    this.#forget(instance);
    instance.kill();
    return true;
  }

  /** Kills the instance once, when it has made so many calls of the next event; 0: as soon as it has the event. */
  crashAfter(calls: number): void {
    this.#crashAfterCalls = calls;
  }

  /** Told of each call of this function that a service of the local cloud has answered. */
  countCall(): void {
    if (this.#crashAfterCalls === undefined || this.#eventsUnderWay === 0) return;
    this.#crashAfterCalls -= 1;
    if (this.#crashAfterCalls <= 0) this.#crash();
  }

  /** Ends once the events under way are answered. */
  retire(): Promise<void> {
    if (this.#eventsUnderWay === 0) return this.close();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenIdle = () => resolve(this.close());
    return promise;
  }

  async close(): Promise<void> {
    this.#cancelIdle();
    const instance = await this.#starting?.catch(() => undefined);
    instance?.kill();
    await instance?.exited;
  }

  #lost(instance: FunctionProcess): Reply {
    this.#forget(instance);
    return { status: 503, body: 'The function ended before it answered.' };
  }

  #crash(): void {
    this.#crashAfterCalls = undefined;
    this.kill();
  }

  #warm(): Promise<FunctionProcess> {
    this.#starting ??= this.#coldStart();
    return this.#starting;
  }

  async #coldStart(): Promise<FunctionProcess> {
    this.#coldStarts += 1;
    try {
      const instance = await this.#options.start();
      this.#instance = instance;
      void instance.exited.then(() => this.#forget(instance));
      return instance;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
  }

  #forget(instance: FunctionProcess): void {
    if (this.#instance !== instance) return;
    this.#instance = undefined;
    this.#starting = undefined;
  }

  #awaitIdle(): void {
    if (this.#eventsUnderWay > 0) return;
    this.#cancelIdle();
    if (this.#whenIdle) this.#whenIdle();
    else this.#cancelIdle = this.#options.clock.after(IDLE_TIMEOUT_MS, () => this.kill());
  }
}

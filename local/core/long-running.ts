import { notFound } from '../http/api-error.ts';
import { StateFile } from './state-file.ts';

/** An operation as every API but Compute Engine's shows it (https://google.aip.dev/151). */
export interface LongRunning {
  name: string;
  metadata?: object;
  done: boolean;
  response?: object;
  error?: { code: number; message: string };
}

const ABORTED = 10;
/** Older ones are forgotten. */
const KEPT = 500;

/** The operations of a service, on disk. What was under way when the cloud ended has failed. */
export class LongRunningOperations {
  readonly #file: StateFile<LongRunning[]>;

  constructor(path: string) {
    this.#file = new StateFile(path, []);
    for (const operation of this.#file.value.filter(({ done }) => !done))
      this.fail(operation, {
        code: ABORTED,
        message: 'The local cloud ended before the operation was done.',
      });
  }

  begin(name: string, metadata?: object): LongRunning {
    const operation: LongRunning = { name, ...(metadata && { metadata }), done: false };
    this.#file.value = [...this.#file.value.slice(1 - KEPT), operation];
    this.#file.save();
    return operation;
  }

  /** The operation shows other metadata from now on. */
  progress(operation: LongRunning, metadata: object): void {
    operation.metadata = metadata;
    this.#file.save();
  }

  succeed(operation: LongRunning, response: object): void {
    Object.assign(operation, { done: true, response });
    this.#file.save();
  }

  fail(operation: LongRunning, error: { code: number; message: string }): void {
    Object.assign(operation, { done: true, error });
    this.#file.save();
  }

  get(name: string): LongRunning {
    const found = this.#file.value.find((operation) => operation.name === name);
    if (found) return found;
    throw notFound(`Operation ${name} does not exist.`);
  }
}

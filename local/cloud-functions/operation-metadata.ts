import type { CloudClock } from '../core/clock.ts';
import type { LongRunning, LongRunningOperations } from '../core/long-running.ts';
import type { CloudFunction } from './resource.ts';

export type Verb = 'create' | 'update' | 'delete';
export type StageName = 'BUILD' | 'SERVICE';

interface Stage {
  name: StageName;
  message: string;
  state: 'NOT_STARTED' | 'IN_PROGRESS' | 'COMPLETE';
  stateMessages?: object[];
}

const OPERATION_TYPES = { create: 'CREATE_FUNCTION', update: 'UPDATE_FUNCTION', delete: 'DELETE_FUNCTION' };

/** The metadata of an operation: gcloud shows its stages, and ends only when each of them is complete. */
export class OperationProgress {
  readonly operation: LongRunning;
  readonly #operations: LongRunningOperations;
  readonly #clock: CloudClock;
  readonly #stages: Stage[];
  readonly #fixed: object;

  constructor(
    operations: LongRunningOperations,
    clock: CloudClock,
    name: string,
    verb: Verb,
    fn: CloudFunction,
    stages: StageName[],
  ) {
    this.#operations = operations;
    this.#clock = clock;
    this.#stages = stages.map((stage) => ({ name: stage, message: '', state: 'NOT_STARTED' }));
    this.#fixed = {
      '@type': 'type.googleapis.com/google.cloud.functions.v2.OperationMetadata',
      createTime: clock.now().toISOString(),
      target: fn.name,
      verb,
      apiVersion: 'v2',
      cancelRequested: false,
      operationType: OPERATION_TYPES[verb],
    };
    this.operation = operations.begin(name, this.#metadata());
  }

  /** Runs a stage. What it throws fails the operation, at this stage. */
  async stage(name: StageName, act: () => Promise<void>): Promise<void> {
    const stage = this.#stages.find((each) => each.name === name);
    if (!stage) throw new Error(`The operation ${this.operation.name} has no stage ${name}.`);
    stage.state = 'IN_PROGRESS';
    this.#show();
    try {
      await act();
    } catch (error) {
      stage.stateMessages = [{ severity: 'ERROR', type: 'Unknown', message: (error as Error).message }];
      throw error;
    } finally {
      stage.state = 'COMPLETE';
      this.#show();
    }
  }

  succeed(response: object): void {
    this.#end();
    this.#operations.succeed(this.operation, response);
  }

  fail(error: { code: number; message: string }): void {
    this.#end();
    this.#operations.fail(this.operation, error);
  }

  #end(): void {
    for (const stage of this.#stages) stage.state = 'COMPLETE';
    this.#operations.progress(this.operation, {
      ...this.#metadata(),
      endTime: this.#clock.now().toISOString(),
    });
  }

  #show(): void {
    this.#operations.progress(this.operation, this.#metadata());
  }

  #metadata(): object {
    return { ...this.#fixed, stages: this.#stages };
  }
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { CloudClock } from '../core/clock.ts';
import { StateFile } from '../core/state-file.ts';
import { invalid } from '../http/api-error.ts';

export interface OperationError {
  code: string;
  message: string;
}

/** A zone's operation, or a global one where the zone is empty, as the state file keeps it. Times are RFC 3339. */
export interface Operation {
  id: string;
  name: string;
  zone: string;
  operationType: string;
  /** Name and id of the instance or image. */
  target: string;
  targetId: string;
  user: string;
  requestId?: string;
  status: 'RUNNING' | 'DONE';
  insertTime: string;
  endTime?: string;
  error?: OperationError;
}

/** What an operation works on: an instance, or an image, which has no zone. */
export interface Target {
  zone: string;
  name: string;
  id: string;
}

/** Who asks, and under which key: a repeated `requestId` gets the first operation again. */
export interface Caller {
  user: string;
  requestId?: string | undefined;
}

/** The user of an operation that Compute Engine starts itself. */
export const SYSTEM: Caller = { user: 'system' };

/** `wait` returns after two minutes even if the operation goes on. */
const MAX_WAIT_MS = 120_000;
/** Older operations are forgotten, as Compute Engine forgets them after two weeks. */
const KEPT = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ZERO_UUID = '00000000-0000-0000-0000-000000000000';

/** The zone operations, on disk, and what waits for them. */
export class Operations {
  readonly #clock: CloudClock;
  readonly #file: StateFile<{ nextId: number; operations: Operation[] }>;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(stateDir: string, clock: CloudClock) {
    this.#clock = clock;
    this.#file = new StateFile(join(stateDir, 'operations.json'), { nextId: 1, operations: [] });
  }

  list(): Operation[] {
    return this.#file.value.operations;
  }

  find(zone: string, nameOrId: string): Operation | undefined {
    return this.list().find((each) => each.zone === zone && [each.name, each.id].includes(nameOrId));
  }

  /** The operation that this request began earlier, if it did. Refuses a requestId that is not a UUID. */
  earlier(operationType: string, zone: string, target: string, { requestId }: Caller): Operation | undefined {
    if (requestId === undefined) return undefined;
    if (!UUID.test(requestId) || requestId === ZERO_UUID)
      throw invalid(`Invalid value for field 'requestId': '${requestId}'. It must be a non-zero UUID.`);
    return this.list().find(
      (each) =>
        each.requestId === requestId &&
        each.operationType === operationType &&
        each.zone === zone &&
        each.target === target,
    );
  }

  begin(operationType: string, target: Target, { user, requestId }: Caller): Operation {
    const state = this.#file.value;
    const kind = user === SYSTEM.user ? 'systemevent' : 'operation';
    const operation: Operation = {
      id: String(1_000_000_000_000_000 + state.nextId++),
      name: `${kind}-${this.#clock.now().getTime()}-${randomBytes(6).toString('hex')}-${randomBytes(4).toString('hex')}`,
      zone: target.zone,
      operationType,
      target: target.name,
      targetId: target.id,
      user,
      ...(requestId !== undefined && { requestId }),
      status: 'RUNNING',
      insertTime: this.#clock.now().toISOString(),
    };
    state.operations = [...state.operations.slice(1 - KEPT), operation];
    this.#file.save();
    return operation;
  }

  finish(operation: Operation, error?: OperationError): void {
    operation.status = 'DONE';
    operation.endTime = this.#clock.now().toISOString();
    if (error) operation.error = error;
    this.#file.save();
    for (const resume of this.#waiting.get(operation.name) ?? []) resume();
    this.#waiting.delete(operation.name);
  }

  /** Resolves when the operation is done, or after two minutes. */
  async wait(operation: Operation): Promise<void> {
    if (operation.status === 'DONE') return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(operation.name) ?? new Set();
    this.#waiting.set(operation.name, waiting.add(resolve));
    const cancel = this.#clock.after(MAX_WAIT_MS, resolve);
    await promise;
    cancel();
  }
}

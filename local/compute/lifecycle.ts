import type { CloudClock } from '../core/clock.ts';
import type { Faults } from '../core/faults.ts';
import { ApiError } from '../http/api-error.ts';
import { type Instance, isStopped, type Status } from './instance.ts';
import type { InstanceStore } from './instance-store.ts';
import { resourcePath } from './links.ts';
import type { Machines } from './machines.ts';
import { overtaken, stockout } from './operation-errors.ts';
import { type Caller, type Operation, type Operations, SYSTEM } from './operations.ts';
import { RunLimits } from './run-limits.ts';
import { SerialQueue } from './serial-queue.ts';

/** How long a machine is in each passing status. Compute Engine takes 5 to 30 seconds. */
const PROVISIONING_MS = 200;
const STAGING_MS = 300;
const STOPPING_MS = 200;
/** The shutdown window, best effort on Compute Engine. */
const SPOT_WINDOW_MS = 30_000;
const STANDARD_WINDOW_MS = 90_000;

export interface LifecycleParts {
  clock: CloudClock;
  faults: Faults;
  store: InstanceStore;
  operations: Operations;
  machines: Machines;
}

/** Moves instances between statuses. Each method returns its operation at once, and carries it out on cloud time. */
export class Lifecycle {
  readonly #parts: LifecycleParts;
  readonly #limits: RunLimits;
  readonly #turns = new SerialQueue();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.#limits = new RunLimits(parts.clock);
  }

  /** Starts a stopped instance; one that is on, or coming, stays as it is. */
  start(instance: Instance, caller: Caller, operationType = 'start'): Operation {
    if (instance.status === 'STOPPING') throw this.#notReady(instance);
    const operation = this.#begin(operationType, instance, caller);
    if (!isStopped(instance)) return this.#finish(operation);
    this.#setStatus(instance, 'PROVISIONING');
    return this.#next(instance, operation, (isLast) => this.#boot(instance, operation, isLast));
  }

  /** Shuts the guest down. An instance that is off stays so; one that is going off is waited for. */
  stop(instance: Instance, caller: Caller, operationType = 'stop'): Operation {
    const operation = this.#begin(operationType, instance, caller);
    if (isStopped(instance)) return this.#finish(operation);
    if (instance.status === 'STOPPING') return this.#finishWithLast(instance, operation);
    this.#setStatus(instance, 'STOPPING');
    return this.#next(instance, operation, async () => {
      await this.#parts.machines.shutDown(instance, shutdownWindow(instance));
      await this.#wentOff(instance);
    });
  }

  /** Cuts the power and boots again; the status stays RUNNING. */
  reset(instance: Instance, caller: Caller): Operation {
    if (instance.status !== 'RUNNING') throw this.#notReady(instance);
    const operation = this.#begin('reset', instance, caller);
    return this.#next(instance, operation, async (isLast) => {
      await this.#parts.machines.kill(instance);
      if (isLast()) await this.#turnOn(instance);
    });
  }

  delete(instance: Instance, caller: Caller): Operation {
    const { clock, machines, store } = this.#parts;
    const operation = this.#begin('delete', instance, caller);
    this.#setStatus(instance, 'STOPPING');
    return this.#next(instance, operation, async () => {
      this.#setStatus(instance, 'STOPPING');
      this.#limits.end(instance);
      await machines.kill(instance);
      await clock.sleep(STOPPING_MS);
      await machines.discard(instance);
      store.remove(instance);
    });
  }

  /** Compute Engine takes the machine back: the guest is notified, and has the shutdown window. */
  preempt(instance: Instance): Operation {
    if (instance.status !== 'RUNNING') throw this.#notReady(instance);
    instance.preempted = true;
    return this.stop(instance, SYSTEM, 'compute.instances.preempted');
  }

  /** The host machine fails: the power is gone at once. `automaticRestart` boots the instance again. */
  hostError(instance: Instance): Operation {
    if (isStopped(instance)) throw this.#notReady(instance);
    const operation = this.#begin('compute.instances.hostError', instance, SYSTEM);
    // At once, not after the turns before: a shutdown that one of them waits for ends by this.
    const cut = this.#parts.machines.kill(instance);
    if (instance.status === 'STOPPING') return this.#finishWithLast(instance, operation);
    this.#setStatus(instance, 'STOPPING');
    return this.#next(instance, operation, async () => {
      await cut;
      await this.#parts.machines.kill(instance);
      await this.#wentOff(instance);
      if (instance.scheduling.automaticRestart)
        this.start(instance, SYSTEM, 'compute.instances.automaticRestart');
    });
  }

  /** Forgets what is to come; the machines are ended by their host. */
  close(): void {
    this.#limits.close();
  }

  async #boot(instance: Instance, operation: Operation, isLast: () => boolean): Promise<void> {
    const { clock, faults, store } = this.#parts;
    await clock.sleep(PROVISIONING_MS);
    if (!isLast()) return void this.#finish(operation, overtaken(instance));
    const path = resourcePath(store.project, instance.zone, 'instances', instance.name);
    const fault = faults.strike('compute.instances.start', path, ['stockout']);
    if (fault) {
      this.#setStatus(instance, 'TERMINATED');
      return void this.#finish(operation, stockout(store.project, instance.zone, fault.reason));
    }
    this.#setStatus(instance, 'STAGING');
    await clock.sleep(STAGING_MS);
    if (!isLast()) return void this.#finish(operation, overtaken(instance));
    await this.#turnOn(instance);
    // A stop that was asked for meanwhile is next, and has set its status.
    if (isLast()) this.#setRunning(instance);
  }

  async #turnOn(instance: Instance): Promise<void> {
    instance.preempted = false;
    await this.#parts.machines.turnOn(instance, () => this.#guestWentOff(instance));
  }

  #setRunning(instance: Instance): void {
    const now = this.#parts.clock.now();
    instance.lastStartTimestamp = now.toISOString();
    this.#limits.begin(instance, now, () => {
      if (instance.scheduling.instanceTerminationAction === 'DELETE') this.delete(instance, SYSTEM);
      else this.stop(instance, SYSTEM);
    });
    this.#setStatus(instance, 'RUNNING');
  }

  /** Whatever takes the instance off already has an operation of its own. */
  #guestWentOff(instance: Instance): void {
    if (instance.status !== 'RUNNING') return;
    const operation = this.#begin('compute.instances.guestTerminate', instance, SYSTEM);
    this.#setStatus(instance, 'STOPPING');
    this.#next(instance, operation, () => this.#wentOff(instance));
  }

  /** The machine is off: after a moment in STOPPING, the instance is TERMINATED. */
  async #wentOff(instance: Instance): Promise<void> {
    const { clock } = this.#parts;
    this.#limits.end(instance);
    await clock.sleep(STOPPING_MS);
    instance.lastStopTimestamp = clock.now().toISOString();
    this.#setStatus(instance, 'TERMINATED');
  }

  /** Takes a turn of the instance, and finishes the operation, unless the turn has done so. */
  #next(instance: Instance, operation: Operation, turn: (isLast: () => boolean) => Promise<void>): Operation {
    this.#turns.next(instance.id, turn).then(
      () => this.#finish(operation),
      (error: unknown) => this.#fail(instance, operation, error),
    );
    return operation;
  }

  #finishWithLast(instance: Instance, operation: Operation): Operation {
    this.#turns.settled(instance.id).then(() => this.#finish(operation));
    return operation;
  }

  #begin(operationType: string, instance: Instance, caller: Caller): Operation {
    return this.#parts.operations.begin(operationType, instance, caller);
  }

  #finish(operation: Operation, error?: Operation['error']): Operation {
    if (operation.status !== 'DONE') this.#parts.operations.finish(operation, error);
    return operation;
  }

  #fail(instance: Instance, operation: Operation, error: unknown): void {
    console.error(error);
    if (!this.#parts.machines.isOn(instance)) this.#setStatus(instance, 'TERMINATED');
    this.#finish(operation, { code: 'INTERNAL_ERROR', message: `The local cloud failed: ${String(error)}` });
  }

  #setStatus(instance: Instance, status: Status): void {
    instance.status = status;
    this.#parts.store.save();
  }

  #notReady(instance: Instance): ApiError {
    const path = resourcePath(this.#parts.store.project, instance.zone, 'instances', instance.name);
    return new ApiError(400, 'resourceNotReady', `The resource '${path}' is not ready`);
  }
}

function shutdownWindow(instance: Instance): number {
  return instance.scheduling.provisioningModel === 'SPOT' ? SPOT_WINDOW_MS : STANDARD_WINDOW_MS;
}

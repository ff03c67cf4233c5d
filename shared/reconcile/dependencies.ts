import type { Status } from '../model/status.ts';
import type { Clock } from '../ports/clock.ts';
import type { Instance } from '../ports/instance.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { CostSettings } from '../pricing/run-cost.ts';

/** What the control loop works on. */
export interface Dependencies {
  objects: ObjectStore;
  instance: Instance;
  notifier: Notifier;
  clock: Clock;
  /** `projects/P/topics/T`, where the VM reports. */
  finishedTopic: string;
  /** What the configuration says of costs; absent: list prices, and nothing of the disk. */
  costs?: CostSettings;
  /** Writes the report of a finished run beside its results; absent: none is made. */
  report?(status: Status): Promise<void>;
  /** One structured line per step. */
  log(entry: { message: string; [key: string]: unknown }): void;
}

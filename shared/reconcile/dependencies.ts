import type { Clock } from '../ports/clock.ts';
import type { Instance } from '../ports/instance.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { ObjectStore } from '../ports/objects.ts';

/** What the control loop works on. */
export interface Dependencies {
  objects: ObjectStore;
  instance: Instance;
  notifier: Notifier;
  clock: Clock;
  /** `projects/P/topics/T`, where the VM reports. */
  finishedTopic: string;
  /** One structured line per step. */
  log(entry: { message: string; [key: string]: unknown }): void;
}
